// Finds the end of a request's head in raw bytes, and refuses what no careful server may accept there.
//
// Request smuggling lives on two readers who disagree about where a line ends (RFC 9112 section 11.2), so this one
// knows a single line ending, CR LF, and no folded lines (section 5.2). What stands inside a line is the parser's.

#pragma once

#include "http/fault.hpp"

#include <cstddef>
#include <string_view>

namespace sallyport::http {

struct HeadLimits {
    std::size_t request_line = 8192;   ///< bytes, 414
    std::size_t header_bytes = 16384;  ///< bytes after the request line, 431
    std::size_t headers = 100;         ///< 431
};

class HeadScan {
public:
    enum class Verdict : unsigned char { unfinished, whole, refused };

    explicit HeadScan(HeadLimits limits) : limits_{limits} {}

    /// Looks at all bytes of the head that have come, those of earlier calls included.
    Verdict scan(std::string_view bytes);

    std::size_t length() const { return line_start_; }  ///< Of a whole head, its empty line included.
    Fault fault() const { return fault_; }              ///< Of a refused one.

private:
    Verdict refuse(int status, std::string_view why);
    Verdict take_line(std::string_view line);
    Verdict measure(std::size_t end);

    HeadLimits limits_;
    std::size_t line_start_ = 0;
    std::size_t seen_ = 0;           ///< Bytes already searched for a line feed.
    std::size_t headers_start_ = 0;  ///< 0 until the request line is over.
    std::size_t headers_ = 0;
    Fault fault_;
};

}  // namespace sallyport::http
