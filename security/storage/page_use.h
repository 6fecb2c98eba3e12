// How many pages the reads of a database took, for tests and benchmarks that count the work of a
// call (R18). A page is what SQLCipher encrypts as one: to read one from the file is to decrypt it.
#ifndef KNOOPPUNT_SECURITY_STORAGE_PAGE_USE_H_
#define KNOOPPUNT_SECURITY_STORAGE_PAGE_USE_H_

#include <cstdint>

#include "security/storage/database.h"

namespace knooppunt::storage {

struct PageUse {
  int64_t asked = 0;      // pages that reads looked at, the same one again included
  int64_t decrypted = 0;  // those of them that were not in the connection's page cache
};

// Since open, over the connections for reading that are not in use at this moment: ask when no
// read is under way. Costs a read nothing; what a connection used that was closed after an error
// is lost.
PageUse PagesReadBy(Database& database);

}  // namespace knooppunt::storage

#endif  // KNOOPPUNT_SECURITY_STORAGE_PAGE_USE_H_
