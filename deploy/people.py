#!/usr/bin/env python3
"""Makes the people of the demo up: deploy/people.py --seed N --today YYYY-MM-DD

Nobody here exists. The same seed and day give the same people. Prints assignments for a shell:
the professionals concerned and one family, of divorced parents who share gezag, a child of 11 in
the last year of primary school and a sibling of 13 at another school. Ids of accounts are random
letters: an id never says who somebody is.
"""
import argparse
import datetime
import random
import shlex

WOMEN = ["Anouk", "Els", "Femke", "Fleur", "Ilse", "Lieke", "Lotte", "Maartje", "Marieke", "Nadia",
         "Noortje", "Petra", "Renske", "Saskia", "Sofie", "Wendy", "Yasmina"]
MEN = ["Bart", "Bas", "Daan", "Frank", "Geert", "Hub", "Jeroen", "Joep", "Karim", "Maurice",
       "Niek", "Paul", "Rachid", "Ruud", "Sjef", "Stan", "Wiel"]
GIRLS = ["Bo", "Elin", "Fenna", "Isa", "Jolijn", "Lina", "Mila", "Noa", "Roos", "Tess"]
BOYS = ["Bram", "Cas", "Finn", "Guus", "Jurre", "Luuk", "Mats", "Sem", "Teun", "Vince"]
SURNAMES = ["Bemelmans", "van den Berg", "Boesten", "Cremers", "Daemen", "Dassen", "Erkens",
            "Frissen", "Geurts", "Habets", "Hermans", "Janssen", "Jongen", "Kerckhoffs", "Lemmens",
            "Meertens", "Notermans", "Ortmans", "Pluijmen", "Quaedvlieg", "Ramaekers", "Schreurs",
            "Smeets", "Souren", "Theunissen", "Vaessen", "Vliegen", "van Wersch", "Willems", "Xhaflaire"]

# Key, id in the directory, function, organisation. Ids say the place, not the person.
STAFF = [
    ("ADMIN", "beheerder", "FUNCTION_ADMINISTRATOR", "gem-maastricht"),
    ("IB", "ib-manjefiek", "FUNCTION_INTERN_BEGELEIDER", "mosalira"),
    ("NURSE", "jgz-verpleegkundige", "FUNCTION_JGZ_NURSE", "ggd-zl"),
    ("CONSULTANT", "consulent-maastricht", "FUNCTION_MUNICIPAL_CONSULTANT", "gem-maastricht"),
    ("MANDATE", "mandaatgever-maastricht", "FUNCTION_MANDATE_HOLDER", "gem-maastricht"),
    ("RECEIVER", "zorgcoordinator-vmbo", "FUNCTION_CARE_COORDINATOR", "lvo"),
    ("AUDITOR", "fg-maastricht", "FUNCTION_PRIVACY_OFFICER", "gem-maastricht"),
]

# Who decides when a case is stuck (R10). Drawn last: the others keep their names.
DECIDERS = [
    ("ALDERMAN", "wethouder-maastricht", "FUNCTION_ALDERMAN", "gem-maastricht"),
    ("DIRECTOR", "directeur-swv-po", "FUNCTION_SAMENWERKINGSVERBAND_DIRECTOR", "swv-po-mh"),
]


class Cast:
    """Draws without putting back: no two people share a name."""

    def __init__(self, seed, today):
        self.random = random.Random(seed)
        self.today = today
        self.pools = {}

    def draw(self, pool):
        left = self.pools.setdefault(id(pool), self.random.sample(pool, len(pool)))
        return left.pop()

    def account(self):
        return "a-" + "".join(self.random.choice("bcdfghjklmnpqrstvwxz") for _ in range(12))

    def born(self, years, first_day, last_day):
        """A birth date of somebody whose last birthday, the years-th, was so many days ago."""
        day = self.today - datetime.timedelta(days=self.random.randint(first_day, last_day))
        return day.replace(year=day.year - years, day=min(day.day, 28)).isoformat()


def employ(cast, row, out):
    key, name, function, organisation = row
    given = cast.draw(cast.random.choice([WOMEN, MEN]))
    out[f"{key}_NAME"] = f"{given} {cast.draw(SURNAMES)}"
    out[f"{key}"] = f"professionals/{name}"
    out[f"{key}_LOGIN"] = name
    out[f"{key}_FUNCTION"] = function
    out[f"{key}_ORGANISATION"] = f"organisations/{organisation}"


def people(seed, today):
    cast = Cast(seed, today)
    out = {}
    for row in STAFF:
        employ(cast, row, out)
    surname = cast.draw(SURNAMES)
    family = [
        ("MOTHER", cast.draw(WOMEN), cast.draw(SURNAMES), cast.born(cast.random.randint(36, 44), 10, 300)),
        ("FATHER", cast.draw(MEN), surname, cast.born(cast.random.randint(37, 47), 10, 300)),
        # No birthday soon: what the child's age decides stays as it is while the demo runs.
        ("CHILD", cast.draw(cast.random.choice([GIRLS, BOYS])), surname, cast.born(11, 60, 200)),
        ("SIBLING", cast.draw(cast.random.choice([GIRLS, BOYS])), surname, cast.born(13, 60, 300)),
    ]
    for key, given, family_name, born in family:
        account = cast.account()
        out[f"{key}_GIVEN"] = given
        out[f"{key}_SURNAME"] = family_name
        out[f"{key}_NAME"] = f"{given} {family_name}"
        out[f"{key}_BORN"] = born
        out[f"{key}_ACCOUNT"] = f"accounts/{account}"
        out[f"{key}_LOGIN"] = f"family:{account}"
    for row in DECIDERS:
        employ(cast, row, out)
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--today", type=datetime.date.fromisoformat, default=datetime.date.today())
    arguments = parser.parse_args()
    for key, value in people(arguments.seed, arguments.today).items():
        print(f"{key}={shlex.quote(value)}")


if __name__ == "__main__":
    main()
