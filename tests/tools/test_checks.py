"""The checks of the house find planted offences, and nothing in a tree without them."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "tools"))
import check_features  # noqa: E402
import check_layers  # noqa: E402
import check_names  # noqa: E402


def found(check, files):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return list(check.complaints(root))


class Layers(unittest.TestCase):
    def test_an_include_of_a_higher_folder_is_found(self):
        self.assertEqual(
            found(check_layers, {"src/store/a.cpp": '#include "query/sql.hpp"\n#include "auth/access.hpp"\n'}),
            ["src/store/a.cpp:2: store must not include auth"],
        )

    def test_the_words_are_the_lowest_layer(self):
        self.assertEqual(
            found(check_layers, {"include/sallyport/a.hpp": "#include <crypto/digest.hpp>\n"}),
            ["include/sallyport/a.hpp:1: sallyport must not include crypto"],
        )

    def test_lower_folders_and_libraries_may_be_included(self):
        self.assertEqual(found(check_layers, {"src/rest/a.cpp": '#include "auth/a.hpp"\n#include <boost/asio.hpp>\n'}), [])


class Names(unittest.TestCase):
    def test_two_files_of_one_name_are_found(self):
        self.assertIn("share a name", found(check_names, {"src/a/x.cpp": "", "src/b/x.cpp": ""})[0])

    def test_cupboards_are_found(self):
        for name in ("src/util/x.cpp", "src/a/string_helper.cpp", "src/a/common.hpp", "src/core/y.cpp"):
            self.assertEqual(len(found(check_names, {name: ""})), 1, name)

    def test_names_that_only_contain_such_a_word_are_free(self):
        self.assertEqual(found(check_names, {"src/a/database.cpp": "", "src/a/corelation.cpp": ""}), [])

    def test_a_file_that_never_ends_is_found(self):
        self.assertIn("split it", found(check_names, {"src/a/x.cpp": "\n" * 801})[0])


class Features(unittest.TestCase):
    TESTS = {
        "tests/a/x_test.cpp": "TEST(Suite, Holds) {\nTEST_F(Other, Holds) {\n// TEST(Suite, Wished) {\n",
        "tests/contract/scenarios/crud/delete.json": "{}",
        "tests/server/x.test.mjs": "test('it\\'s up', async () => {});\ntest(`so is this`, () => {});\n",
        "tests/attacks/x.test.mjs": "attack(1, 'first', 'CVE', async () => {});\n  attackOwn('T', `second`, 'own', f);\n",
        "tests/compatibility/strict/life.json": "{}",
        "src/auth/x.cpp": "",
        "packaging/bill.py": "",
    }

    def complaints_about(self, cell, feature="a thing"):
        page = f"Words | `no.test`\n\n| feature | shown by |\n|---|---|\n| {feature} | {cell} |\n"
        return found(check_features, {**self.TESTS, "docs/reference/features.md": page})

    def complaints_about_requirement(self, code, shown_by):
        page = f"| | requirement | code | shown by |\n|---|---|---|---|\n| SE1 | a token | {code} | {shown_by} |\n"
        return found(check_features, {**self.TESTS, "docs/reference/security.md": page})

    def test_tests_scenarios_and_titles_that_exist_are_fine(self):
        for name in ("Suite.Holds", "Other.Holds", "crud/delete.json", "server/x.test.mjs: it\\'s up", "server/x.test.mjs: so is this", "attacks/x.test.mjs: first", "attacks/x.test.mjs: second", "strict/life.json"):
            self.assertEqual(self.complaints_about(f"`{name}`"), [], name)

    def test_what_does_not_exist_is_found_where_it_stands(self):
        for name in ("Suite.Wished", "Suite.Hold", "crud/deleted.json", "server/x.test.mjs: it is down", "delete.json"):
            self.assertEqual(
                self.complaints_about(f"`Suite.Holds`, `{name}`"),
                [f"docs/reference/features.md:5: there is no test {name}"],
            )

    def test_a_feature_that_nothing_shows_is_found(self):
        self.assertIn("nothing shows that a thing works", self.complaints_about("of course")[0])

    def test_a_feature_may_not_say_that_it_does_not_work(self):
        self.assertEqual(len(self.complaints_about("not yet")), 1)

    def test_a_requirement_names_its_code_and_its_test(self):
        for code in ("`auth/x.cpp`", "`packaging/bill.py`"):
            self.assertEqual(self.complaints_about_requirement(code, "`Suite.Holds`; not: more"), [], code)
        for code, shown_by, complaint in (
            ("`auth/y.cpp`", "`Suite.Holds`", "there is no src/auth/y.cpp"),
            ("`auth/x.cpp`", "`Suite.Wished`", "there is no test Suite.Wished"),
            ("`auth/x.cpp`", "always so", "nothing shows that SE1 works; name a test"),
            ("everywhere", "`Suite.Holds`", "SE1 names no code"),
        ):
            self.assertEqual(
                self.complaints_about_requirement(code, shown_by), [f"docs/reference/security.md:3: {complaint}"]
            )

    def test_a_requirement_may_say_that_it_is_not_met_but_nothing_false_beside_it(self):
        self.assertEqual(self.complaints_about_requirement("none", "not yet: there are no passkeys"), [])
        self.assertEqual(len(self.complaints_about_requirement("`auth/y.cpp`", "not tested")), 1)
        self.assertEqual(len(self.complaints_about_requirement("none", "not as `Suite.Wished` has it")), 1)

    def test_a_bar_inside_a_cell_is_none_between_cells(self):
        self.assertEqual(self.complaints_about("`Suite.Holds`", feature="email \\| name"), [])


if __name__ == "__main__":
    unittest.main()
