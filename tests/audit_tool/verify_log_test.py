#!/usr/bin/env python3
"""The parts of verify_log.py against published examples."""
import unittest

import verify_log

# RFC 6962's reference implementation: leaves and the roots of 0 to 8 of them.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
          "606162636465666768696a6b6c6d6e6f"]
ROOTS = ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
         "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"]

# C2SP signed-note.
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_SIGNATURE = ("Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1"
                     "Yu72IneyaQM=")
# C2SP tlog-checkpoint, with its signature line.
EXAMPLE_CHECKPOINT = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1g"
    "GzGku9nTo+zyWE+xeMcTOAYQ8=\n")


class PublishedExamples(unittest.TestCase):

    def test_roots(self):
        tree = verify_log.Tree()
        self.assertEqual(tree.root().hex(), ROOTS[0])
        for leaf, root in zip(LEAVES, ROOTS[1:]):
            tree.add(bytes.fromhex(leaf))
            self.assertEqual(tree.root().hex(), root)

    def test_signed_note(self):
        key = verify_log.VerifierKey(EXAMPLE_KEY)
        signature = verify_log.unbase64(EXAMPLE_SIGNATURE)
        self.assertEqual(signature[:4], key.key_id)
        self.assertEqual(key.verify(b"This is an example message.\n", signature[4:]), 0)
        self.assertIsNone(key.verify(b"This is another message.\n", signature[4:]))

    def test_key_with_another_id(self):
        with self.assertRaises(ValueError):
            verify_log.VerifierKey(EXAMPLE_KEY.replace("530d903a", "530d903b"))

    def test_checkpoint(self):
        note = verify_log.Note(EXAMPLE_CHECKPOINT.encode(), "It")
        self.assertEqual((note.origin, note.size), ("example.com/behind-the-sofa", 20852163))
        with self.assertRaises(verify_log.Broken):
            verify_log.Note(EXAMPLE_CHECKPOINT.replace("\n20852163", "\n020852163").encode(), "It")

    def test_paths(self):
        self.assertEqual(verify_log.tile_path(0, 1234067, 256), "tile/0/x001/x234/067")
        self.assertEqual(verify_log.tile_path("entries", 273, 112), "tile/entries/273.p/112")


if __name__ == "__main__":
    unittest.main()
