#!/usr/bin/env python3
"""That each rule of the lint finds what it forbids, and lets the rest through."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import error_texts
import house_style
import include_rules
import powers
import tidy
import tree


class LintTest(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        subprocess.run(["git", "init", "-q", folder.name], check=True)

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def findings(self, check):
        return list(check(tree.Tree(self.root)))

    def assert_one(self, check, *words):
        found = self.findings(check)
        self.assertEqual(len(found), 1, found)
        for word in words:
            self.assertIn(word, found[0])


class IncludeRules(LintTest):

    def include(self, path, *headers):
        for header in headers:
            if "/" in header and not header.startswith(("openssl", "grpcpp", "knooppunt")):
                self.write(header, "// x\n")
        self.write(path, "".join(f'#include "{header}"\n' for header in headers))

    def test_base_includes_nothing_of_ours(self):
        self.include("base/clock.cc", "security/crypto/hash.h")
        self.assert_one(include_rules.check, "base/clock.cc:1", "security/crypto/hash.h")

    def test_storage_knows_no_proto(self):
        self.include("security/storage/database.cc", "knooppunt/common/v1/types.pb.h")
        self.assert_one(include_rules.check, "knows no proto")

    def test_service_may_not_include_another_unit(self):
        self.include("services/casework/service.cc", "services/directory/rules.h")
        self.assert_one(include_rules.check, "services/directory/rules.h")

    def test_service_may_include_rules_and_shared_work_of_its_own_unit(self):
        self.include("services/casework/service.cc", "services/consent/rules.h",
                     "services/dossier/family_store.h", "services/casework/store.h")
        self.assertEqual(self.findings(include_rules.check), [])

    def test_service_may_not_include_a_store_of_its_own_unit(self):
        self.include("services/casework/service.cc", "services/consent/store.h")
        self.assert_one(include_rules.check, "services/consent/store.h")

    def test_only_the_assembly_includes_the_services_of_its_unit(self):
        self.include("services/dossier/dossier_unit.h", "services/casework/service.h")
        self.include("services/dossier/family_store.h", "services/casework/service.h")
        self.assert_one(include_rules.check, "services/dossier/family_store.h:1")

    def test_exception_is_one_header(self):
        self.include("services/runtime/direct.cc", "clients/cpp/transport.h", "clients/cpp/retry.h")
        self.assert_one(include_rules.check, "clients/cpp/retry.h")

    def test_openssl_stays_in_crypto(self):
        self.include("services/access/keyring.cc", "openssl/evp.h")
        self.assert_one(include_rules.check, "openssl/")

    def test_requests_to_providers_stay_in_identity(self):
        self.include("services/access/login.cc", "curl/curl.h")
        self.assert_one(include_rules.check, "curl/")
        self.include("clients/cli/device_login.cc", "security/identity/http.h",
                     "security/identity/jwks.h")
        self.assertEqual(len(self.findings(include_rules.check)), 2)

    def test_test_headers_stay_in_tests(self):
        self.include("base/clock.cc", "gtest/gtest.h")
        self.include("base/clock_test.cc", "gtest/gtest.h")
        self.assert_one(include_rules.check, "base/clock.cc:1", "is for tests")

    def test_folder_without_rule_is_refused(self):
        self.include("security/novel/x.cc", "base/clock.h")
        self.assert_one(include_rules.check, "without a rule")


class HouseStyle(LintTest):

    def test_vague_name(self):
        self.write("base/string_utils.cc", "int a;\n")
        self.assert_one(house_style.check, "says nothing")

    def test_guard(self):
        self.write("base/x.h", "// X.\n#ifndef X_H\n#define X_H\n#endif  // X_H\n")
        self.assert_one(house_style.check, "KNOOPPUNT_BASE_X_H_")

    def test_long_file(self):
        self.write("base/x.cc", "int a;\n" * (house_style.MAX_FILE_LINES + 1))
        self.assert_one(house_style.check, "lines, more than")

    def test_long_function_in_a_class(self):
        body = "    a();\n" * house_style.MAX_FUNCTION_LINES
        self.write("base/x.cc", "class X {\n public:\n  void F(int a,\n         int b) {\n" + body + "  }\n"
                   "  void G() {\n  }\n};\n")
        self.assert_one(house_style.check, "base/x.cc:3", "a function of")

    def test_long_table_is_no_function(self):
        self.write("base/x.cc", "constexpr int kTable[] = {\n" +
                   "    1,\n" * house_style.MAX_FUNCTION_LINES + "};\n")
        self.assertEqual(self.findings(house_style.check), [])

    def test_words_that_may_not_stand(self):
        for text, word in (("// TODO: later\n", "unfinished"),
                           ("std::string_view x;\n", "absl::string_view"),
                           ('"/root/keys"\n', "one machine"),
                           ("// R42 says so\n", "no rule R42"),
                           ("TEST(X, R77DoesThat) {}\n", "no rule R77")):
            with self.subTest(word):
                self.write("base/x.cc", text)
                self.assert_one(house_style.check, word)

    def test_rules_that_exist(self):
        self.write("base/x.cc", "// R1, R41 (R13).\nTEST(X, R24ChangedByteIsNoticed) {}\n")
        self.assertEqual(self.findings(house_style.check), [])

    def test_sleep_in_a_test_only(self):
        self.write("base/x.cc", "absl::SleepFor(x);\n")
        self.write("base/x_test.cc", "absl::SleepFor(x);\n")
        self.assert_one(house_style.check, "base/x_test.cc:1")


class Powers(LintTest):

    def test_only_the_listed_use_a_power(self):
        self.write("services/casework/service.cc", "auto c = policy::Gate::Admit(d, p, s);\n")
        self.write("services/runtime/pipeline.cc", "auto c = policy::Gate::Admit(d, p, s);\n")
        self.write("services/casework/service_test.cc", "auto c = policy::Gate::Admit(d, p, s);\n")
        self.write("base/x.cc", "// Gate::Admit in a comment\n")
        self.assert_one(powers.check, "services/casework/service.cc:1", "Gate::Admit")


class ErrorTexts(LintTest):

    CODE = 'absl::Status NotHere() { return MakeError(kNotFound, "NOT_HERE", "", "no"); }\n'

    def test_every_reason_has_its_line(self):
        self.write("services/casework/errors.cc", self.CODE)
        self.write("base/errors_nl.txt", "# Uitleg\n")
        self.assert_one(error_texts.check, "services/casework/errors.cc", "NOT_HERE")
        self.write("base/errors_nl.txt", "NOT_HERE: Dit is er niet.\n")
        self.assertEqual(self.findings(error_texts.check), [])

    def test_a_line_is_of_a_reason_that_is_given_and_reads_as_one(self):
        self.write("services/casework/errors.cc", self.CODE)
        self.write("base/errors_nl.txt", "NOT_HERE: Dit is er niet.\nNOT_ANY_MORE: Weg.\n")
        self.assert_one(error_texts.check, "base/errors_nl.txt:2", "NOT_ANY_MORE")
        self.write("base/errors_nl.txt", "NOT_HERE: Dit is er niet.\nNOT_HERE: Dubbel.\n")
        self.assert_one(error_texts.check, "base/errors_nl.txt:2", "line 1 already")
        self.write("base/errors_nl.txt", "NOT_HERE: Dit is er niet\n")
        self.assert_one(error_texts.check, "full stop")
        self.write("base/errors_nl.txt", "NOT_HERE: Dit is er niet.\nniet here\n")
        self.assert_one(error_texts.check, "base/errors_nl.txt:2", "REASON")


@unittest.skipUnless(shutil.which("clang-tidy"), "clang-tidy is not here")
class Tidy(LintTest):

    def run_tidy(self, text):
        self.write("base/x.cc", text)
        here = pathlib.Path(tidy.__file__).resolve()
        shutil.copy(here.parents[2] / ".clang-tidy", self.root / ".clang-tidy")
        self.write("build/compile_commands.json", json.dumps(
            [{"directory": str(self.root), "file": str(self.root / "base/x.cc"),
              "command": "c++ -std=c++20 -c base/x.cc"}]))
        return subprocess.run([sys.executable, here, self.root / "build", "--root", self.root],
                              cwd=self.root, text=True, capture_output=True, check=False)

    def test_finds_and_names_what_is_wrong(self):
        done = self.run_tidy("int Twice(int number, int unused) { return 2 * number; }\n")
        if done.returncode == tidy.SKIPPED:
            self.skipTest("another clang-tidy")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("base/x.cc:1", done.stdout)
        self.assertIn("misc-unused-parameters", done.stdout)

    def test_lets_the_rest_through(self):
        done = self.run_tidy("int Twice(int number) { return 2 * number; }\n")
        self.assertIn(done.returncode, (0, tidy.SKIPPED), done.stdout)

    def test_what_cannot_be_read_fails(self):
        done = self.run_tidy('#include "not/there.h"\n')
        self.assertIn(done.returncode, (1, tidy.SKIPPED), done.stdout)


if __name__ == "__main__":
    unittest.main()
