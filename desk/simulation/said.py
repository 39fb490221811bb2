"""What people say in a simulated province: reasons, grounds, steps. In Vietnamese, as officers would write."""

from __future__ import annotations

STEP = "Thẩm định hồ sơ"
SIGNING = "Trình ký"
PORTAL = "Cổng Dịch vụ công quốc gia"
MISSING = (
    "Giấy tờ chưa có chữ ký của người nộp.",
    "Bản sao mờ, không đọc được số giấy tờ.",
    "Thiếu giấy tờ này trong hồ sơ đã nộp.",
    "Thông tin trên giấy tờ không khớp với tờ khai.",
)
REJECTED = (
    "Hồ sơ không thuộc thẩm quyền giải quyết của cơ quan.",
    "Người nộp chưa bổ sung giấy tờ theo phiếu yêu cầu.",
    "Người nộp không có giấy tờ chứng minh quyền nộp thay.",
)
REFUSED = ("Không đủ điều kiện theo quy định của pháp luật chuyên ngành.", "Thông tin kê khai không đúng thực tế.")
WITHDRAWN = ("Người nộp xin rút để hoàn thiện lại hồ sơ.", "Không còn nhu cầu thực hiện thủ tục.")
SUSPENDED = ("Chờ kết quả xác minh của cơ quan phối hợp.", "Đang có tranh chấp được Tòa án thụ lý.")
ENDED = ("Người nộp không nộp nghĩa vụ tài chính đúng hạn.", "Đối tượng của hồ sơ không còn.")
RESUMED = "Đã có kết quả xác minh."
GROUND = "Điều 20 Nghị định 118/2025/NĐ-CP (dữ liệu DEMO)"
LATE = ("Cần lấy thêm ý kiến của cơ quan phối hợp.", "Số lượng hồ sơ tăng đột biến trong kỳ.")
REOPENED = "Kết quả ghi sai năm sinh của người nộp."
PURPOSE = "Lệ phí theo thông báo (DEMO)"
CORRECTED = "Ghi nhầm số điện thoại khi tiếp nhận."
COMMENTS = (
    "Đã gọi điện cho người nộp, hẹn chiều mai.",
    "Đề nghị kiểm tra lại bản đồ vị trí.",
    "Hồ sơ này liên quan đến hồ sơ đã giải quyết năm trước.",
)
REASSIGNED = "Người đang thụ lý nghỉ phép."
TAKEN_BY = "Người nhà nhận thay theo giấy ủy quyền"
SET_DATE = "Thời hạn do cán bộ tiếp nhận ấn định: danh mục không ghi số ngày."
