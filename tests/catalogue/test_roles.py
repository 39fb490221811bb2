"""388 spellings become roles; another province's body becomes the same kind here, and is flagged."""

import pytest

from catalogue.loading.roles import listed_roles, parse_roles, split_authorities

OTHERS = frozenset({"hà nội", "hồ chí minh", "tp.hcm", "bắc ninh"})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sở Văn hóa, Thể thao và Du lịch", ["Sở Văn hóa, Thể thao và Du lịch"]),
        ("Thuế tỉnh, thành phố, Thuế cơ sở", ["Thuế tỉnh, thành phố", "Thuế cơ sở"]),
        ("Sở Xây dựng, Uỷ ban Nhân dân cấp xã, phường, thị trấn", None),
        (
            "Ban quản lý khu công nghiệp, khu kinh tế, khu chế xuất, khu công nghệ cao các tỉnh, thành phố, "
            "Sở Tài chính",
            None,
        ),
        ("Cục cảnh sát quản lý hành chính về trật tự, xã hội, Công an tỉnh", None),
    ],
)
def test_splitting_at_commas_does_not_cut_names(text, names):
    found = split_authorities(text)
    assert found == names if names else len(found) == 2


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ủy ban Nhân dân xã, phường, thị trấn.", "Ủy ban nhân dân cấp xã"),
        ("UBND cấp xã", "Ủy ban nhân dân cấp xã"),
        ("Chủ tịch UBND cấp xã", "Chủ tịch Ủy ban nhân dân cấp xã"),
        ("Chủ tịch ủy ban nhân dân cấp tỉnh", "Chủ tịch Ủy ban nhân dân cấp tỉnh"),
        ("Sở Tài nguyên và Môi trường", "Sở Nông nghiệp và Môi trường"),
        ("Sở Nông nghiệp và Phát triển Nông thôn", "Sở Nông nghiệp và Môi trường"),
        ("Sở Lao động - Thương binh và Xã hội", "Sở Nội vụ"),
        ("Sở Giao thông vận tải", "Sở Xây dựng"),
        ("Sở Thông tin và Truyền thông", "Sở Khoa học và Công nghệ"),
        ("Sở Kế hoạch và Đầu tư", "Sở Tài chính"),
        ("Cơ quan chuyên môn về y tế thuộc Uỷ ban nhân dân cấp tỉnh", "Sở Y tế"),
        ("Cục Hải quan tỉnh, thành phố", "Chi cục Hải quan khu vực"),
        ("Bảo hiểm xã hội cấp huyện", "Bảo hiểm xã hội cơ sở"),
    ],
)
def test_spellings_and_old_names_lead_to_one_role(text, name):
    assert [role.name for role in parse_roles(text, others=OTHERS)] == [name]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sở Nông nghiệp và Môi trường Thành phố Hà Nội", "Sở Nông nghiệp và Môi trường"),
        ("Sở Xây dựng - TP.HCM", "Sở Xây dựng"),
        ("UBND tỉnh Bắc Ninh", "Ủy ban nhân dân cấp tỉnh"),
    ],
)
def test_a_body_of_another_province_is_the_same_kind_here_and_flagged(text, name):
    (role,) = parse_roles(text, others=OTHERS)
    assert (role.name, role.names_other_province) == (name, True)


def test_a_role_named_with_and_without_another_province_is_not_flagged():
    (role,) = parse_roles("Sở Nông nghiệp và Môi trường Thành phố Hà Nội; Sở Nông nghiệp và Môi trường", others=OTHERS)
    assert not role.names_other_province


def test_what_is_not_in_the_list_keeps_its_wording():
    (role,) = parse_roles("Khu Quản lý đường bộ", others=OTHERS)
    assert (role.name, role.is_listed, role.code) == ("Khu Quản lý đường bộ", False, "khu-quan-ly-duong-bo")


def test_codes_of_the_list_are_unique_and_vertical_bodies_are_marked():
    roles = {entry.role.name: entry.role for entry in listed_roles()}
    assert len({role.code for role in roles.values()}) == len(roles) == 86
    for name in ("Chi cục Hải quan khu vực", "Ngân hàng Nhà nước Khu vực", "Công an cấp xã", "Thuế cơ sở"):
        assert roles[name].is_vertical
    assert not roles["Sở Tư pháp"].is_vertical
