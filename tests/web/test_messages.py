#!/usr/bin/env python3
"""Every word of the workspace in both languages, in every plural form, with the same gaps; and none that is not used."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CATEGORIES = {"en": ["one", "other"], "ar": ["zero", "one", "two", "few", "many", "other"]}  # CLDR
GAP = re.compile(r"\{(\w+)\}")
# Sources say t("key"), named("vocabulary", …) and t(`begin_${…}`); the keys of these are messages that begin so.
WHOLE = re.compile(r'"([a-z][\w.-]*)"')
VOCABULARY = re.compile(r'\b(?:named|namedFor)\(\s*"([\w-]+)"')
BEGINNING = re.compile(r'[`"]([a-z][\w.-]*[_.])(?:\$\{|"\s*\+)')
USES = re.compile(r'\b(?:t|rich)\(\s*"([^"]+)"')


def rows():
    for file in sorted((ROOT / "web/messages").glob("*.tsv")):
        lines = [line for line in file.read_text(encoding="utf-8").split("\n") if line and not line.startswith("#")]
        assert lines[0] == "key\tplural\ten\tar", file.name
        for line in lines[1:]:
            yield file.name, line.split("\t")


class Messages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.messages, cls.faults = {}, []
        for file, cells in rows():
            if len(cells) != 4 or any(cell != cell.strip() for cell in cells):
                cls.faults.append(f"{file}: {cells}: not four cells, or with space around")
                continue
            key, plural, en, ar = cells
            where, forms = cls.messages.setdefault(key, (file, {}))
            if where != file or plural in forms:
                cls.faults.append(f"{file}: {key} {plural}: stands twice (also in {where})")
            forms[plural] = {"en": en, "ar": ar}
        cls.sources = {path: path.read_text(encoding="utf-8") for path in (ROOT / "web/src").rglob("*.ts*")}

    def test_form(self):
        self.assertEqual(self.faults, [])

    def test_both_languages_and_all_plurals(self):
        missing = []
        for key, (file, forms) in self.messages.items():
            for language, categories in CATEGORIES.items():
                wanted = [""] if "" in forms else categories
                missing += [f"{file}: {key} {form or ''} ({language})" for form in wanted if not forms.get(form, {}).get(language)]
            if "" in forms and len(forms) > 1:
                missing.append(f"{file}: {key}: with and without plural forms")
        self.assertEqual(missing, [])

    def test_gaps_are_the_same(self):
        wrong = []
        for key, (file, forms) in self.messages.items():
            # "{n}" may be left out by a form that says the number in words ("one report").
            gaps = [set(GAP.findall(text)) - ({"n"} if form else set())
                    for form, texts in forms.items() for text in texts.values() if text]
            if any(gap != gaps[0] for gap in gaps):
                wrong.append(f"{file}: {key}: {gaps}")
        self.assertEqual(wrong, [])

    def test_every_message_is_used(self):
        text = "\n".join(self.sources.values())
        whole, vocabularies = set(WHOLE.findall(text)), set(VOCABULARY.findall(text))
        beginnings = tuple(BEGINNING.findall(text))
        unused = [f"{file}: {key}" for key, (file, _) in self.messages.items()
                  if key not in whole and key.split(".")[0] not in vocabularies and not (beginnings and key.startswith(beginnings))]
        self.assertEqual(unused, [])

    def test_every_used_message_is_there(self):
        missing = {key for text in self.sources.values() for key in USES.findall(text)
                   if key not in self.messages and not key.endswith(("_", "."))}
        self.assertEqual(missing, set())

    def test_no_words_stand_in_the_sources(self):
        arabic = re.compile(r"[\u0621-\u064a]{3,}")
        found = [f"{path.name}: {match}" for path, text in self.sources.items() for match in arabic.findall(text) if match != "العربية"]
        self.assertEqual(found, [])


if __name__ == "__main__":
    unittest.main()
