#include "http/head_scan.hpp"

namespace sallyport::http {

HeadScan::Verdict HeadScan::refuse(int status, std::string_view why) {
    fault_ = {status, why};
    return Verdict::refused;
}

HeadScan::Verdict HeadScan::measure(std::size_t end) {
    if (headers_start_ == 0) {
        if (end > limits_.request_line) return refuse(414, "Request line too long");
    } else if (end - headers_start_ > limits_.header_bytes) {
        return refuse(431, "Request headers too large");
    }
    return Verdict::unfinished;
}

HeadScan::Verdict HeadScan::take_line(std::string_view line) {
    if (!line.ends_with('\r')) return refuse(400, "Line without carriage return");
    line.remove_suffix(1);
    if (headers_start_ == 0) return measure(line.size());
    if (line.empty()) return Verdict::whole;
    if (line.front() == ' ' || line.front() == '\t') return refuse(400, "Folded header line");
    if (++headers_ > limits_.headers) return refuse(431, "Too many request headers");
    return measure(line_start_ + line.size() + 2);
}

HeadScan::Verdict HeadScan::scan(std::string_view bytes) {
    for (;;) {
        auto const end = bytes.find('\n', seen_);
        if (end == std::string_view::npos) {
            seen_ = bytes.size();
            // A carriage return that waits for its line feed is no part of the line.
            return measure(bytes.ends_with('\r') ? bytes.size() - 1 : bytes.size());
        }
        auto const verdict = take_line(bytes.substr(line_start_, end - line_start_));
        line_start_ = seen_ = end + 1;
        if (verdict != Verdict::unfinished) return verdict;
        if (headers_start_ == 0) headers_start_ = line_start_;
    }
}

}  // namespace sallyport::http
