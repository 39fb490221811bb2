"""People and bodies that don't exist: likely names, and numbers from ranges that nobody is given.

A citizen's card begins with 099 (no province has that code), a tax code with 00, a telephone number with 010 (no
network has it); passports begin with DEMO, e-mail is at example.com.
"""

from __future__ import annotations

import datetime as dt
from random import Random

from desk.identities import Identifier, Person
from desk.models import Party, PartyIdentifier

Kind, Number = Party.Kind, PartyIdentifier.Kind
FAMILIES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý",
    "Đinh", "Đoàn", "Trịnh", "Mai", "Tạ", "Lương", "Hà", "Thái", "Cao",
)  # fmt: skip
WEIGHTS = [30, 11, 9, 7, 6, 5, 4, 5, 3, 3, 2, 3, 2, 2, 1, 1, 2, 1, 2, 1, 1, 1, 2, 1]
WOMEN = (
    "Lan", "Hương", "Hoa", "Mai", "Ngọc", "Thảo", "Trang", "Linh", "Hạnh", "Nhung", "Phượng", "Yến", "Thu", "Hà",
    "Vân", "Thủy", "Dung", "Loan", "Nga", "Hiền", "Quyên", "Diễm", "Trinh", "Uyên", "My", "Ánh", "Tuyết",
)  # fmt: skip
MEN = (
    "Hùng", "Dũng", "Minh", "Tuấn", "Anh", "Hải", "Long", "Nam", "Sơn", "Thắng", "Quang", "Khoa", "Phúc", "Đức",
    "Bảo", "Khánh", "Hiếu", "Tâm", "Trung", "Vinh", "Cường", "Kiên", "Thành", "Nghĩa", "Toàn", "Phước", "Đạt",
)  # fmt: skip
WOMENS_MIDDLES = (
    "Thị", "Thị", "Thị", "Ngọc", "Thanh", "Kim", "Thùy", "Bích", "Mỹ", "Hồng",
)  # fmt: skip
MENS_MIDDLES = (
    "Văn", "Văn", "Đình", "Quốc", "Hữu", "Minh", "Công", "Đức", "Xuân", "Ngọc", "Thanh",
)  # fmt: skip
FOREIGNERS = (
    ("Kim Min-jun", "KR"), ("Park Ji-woo", "KR"), ("Lee Seo-yeon", "KR"), ("Tanaka Haruto", "JP"),
    ("Sato Yui", "JP"), ("Wang Wei", "CN"), ("Li Na", "CN"), ("John Carter", "US"), ("Marie Dubois", "FR"),
    ("Anna Petrova", "RU"), ("Somchai Boonmee", "TH"), ("Khamla Sisouk", "LA"),
)  # fmt: skip
TRADES = (
    "Xây dựng", "Thương mại", "Du lịch", "Vận tải", "Thực phẩm", "Công nghệ", "Nội thất", "Dược phẩm", "Thủy sản",
    "Cơ khí",
)  # fmt: skip
SHOPS = (
    "Tạp hóa", "Quán ăn", "Cà phê", "Tiệm may", "Sửa xe", "Nhà thuốc", "Vật liệu xây dựng", "Hải sản",
)  # fmt: skip
STREETS = (
    "Trần Phú", "Lê Duẩn", "Nguyễn Văn Linh", "Hùng Vương", "Ông Ích Khiêm", "Điện Biên Phủ", "Phan Châu Trinh",
    "Hoàng Diệu", "Ngô Quyền", "Lê Lợi", "Nguyễn Tri Phương", "Tôn Đức Thắng",
)  # fmt: skip
OLD_PLACES = (
    "phường Hòa Minh, quận Liên Chiểu", "phường Thạch Thang, quận Hải Châu", "xã Hòa Phong, huyện Hòa Vang",
    "phường Cẩm Châu, thành phố Hội An", "xã Duy Sơn, huyện Duy Xuyên", "phường An Mỹ, thành phố Tam Kỳ",
    "xã Đại Hiệp, huyện Đại Lộc", "phường Khuê Trung, quận Cẩm Lệ",
)  # fmt: skip
"""Old addresses, as they stand on papers from before July 2025."""


def name(rng: Random) -> str:
    """Return a Vietnamese person's name."""
    family = rng.choices(FAMILIES, WEIGHTS)[0]
    if rng.random() < 0.5:
        return f"{family} {rng.choice(WOMENS_MIDDLES)} {rng.choice(WOMEN)}"
    return f"{family} {rng.choice(MENS_MIDDLES)} {rng.choice(MEN)}"


def phone(rng: Random) -> str:
    """Return a telephone number that no network has."""
    return f"010{rng.randrange(10)} {rng.randrange(1000):03} {rng.randrange(1000):03}"


def card(rng: Random, born: dt.date) -> str:
    """Return a citizen's card number of no province."""
    return f"099{rng.randrange(2) + (2 if born.year >= 2000 else 0)}{born:%y}{rng.randrange(10**6):06}"


def tax_code(rng: Random) -> str:
    """Return a tax code that no office gives."""
    return f"00{rng.randrange(10**8):08}"


def address(rng: Random, commune: str = "") -> str:
    """Return an address in a commune, or, now and then and without one, an old one as papers still have it."""
    if not commune or rng.random() < 0.2:
        return f"Tổ {rng.randrange(1, 60)}, {rng.choice(OLD_PLACES)} (cũ)"
    return f"{rng.randrange(1, 400)} {rng.choice(STREETS)}, {commune}"


def person(rng: Random, commune: str = "") -> Person:
    """Return an adult of this country."""
    born = dt.date(1945, 1, 1) + dt.timedelta(rng.randrange(60 * 365))
    return Person(
        name(rng),
        identifiers=(Identifier(Number.CITIZEN_CARD, card(rng, born)),) if rng.random() < 0.97 else (),
        born_on=born,
        address=address(rng, commune),
        phone=phone(rng) if rng.random() < 0.9 else "",
        email=f"demo{rng.randrange(10**6)}@example.com" if rng.random() < 0.3 else "",
    )


def foreigner(rng: Random, commune: str = "") -> Person:
    """Return somebody with a passport of another country."""
    full_name, country = rng.choice(FOREIGNERS)
    number = Identifier(Number.PASSPORT, f"DEMO{rng.randrange(10**6):06}", country)
    born = dt.date(1960, 1, 1) + dt.timedelta(rng.randrange(40 * 365))
    return Person(full_name, identifiers=(number,), born_on=born, address=address(rng, commune), phone=phone(rng))


def company(rng: Random, commune: str = "") -> Person:
    """Return a company."""
    return Person(
        f"Công ty TNHH {rng.choice(TRADES)} {rng.choice(WOMEN)} {rng.choice(MEN)} (DEMO)",
        kind=Kind.COMPANY,
        identifiers=(Identifier(Number.TAX_CODE, tax_code(rng)),),
        address=address(rng, commune),
        phone=phone(rng),
    )


def household_business(rng: Random, commune: str = "") -> Person:
    """Return a household business."""
    return Person(
        f"Hộ kinh doanh {rng.choice(SHOPS)} {rng.choice(WOMEN)} (DEMO)",
        kind=Kind.HOUSEHOLD_BUSINESS,
        identifiers=(Identifier(Number.BUSINESS, f"DEMO-{rng.randrange(10**6):06}"),),
        address=address(rng, commune),
        phone=phone(rng),
    )


def state_agency(rng: Random, commune: str = "") -> Person:
    """Return a state agency as applicant."""
    return Person(
        f"Trường Tiểu học {rng.choice(WOMEN)} {rng.choice(MEN)} (DEMO)",
        kind=Kind.AGENCY,
        identifiers=(Identifier(Number.AGENCY, f"DEMO.T{rng.randrange(1000):03}"),),
        address=address(rng, commune),
    )


MAKERS = (person, foreigner, company, household_business, state_agency)
SHARES = (87, 3, 5, 4, 1)


def applicant(rng: Random, commune: str = "") -> Person:
    """Return whoever may come to the counter."""
    return rng.choices(MAKERS, SHARES)[0](rng, commune)
