// Turns bytes into one Request (RFC 9112), strictly: what is ambiguous is refused, never guessed.

#pragma once

#include "http/fault.hpp"
#include "http/head_scan.hpp"
#include "sallyport/request.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace sallyport::http {

/// Reads request after request of one connection, each into the same Request so that its memory is used again.
class RequestReader {
public:
    enum class Stage : unsigned char { head, body, complete, refused };

    /// `request` outlives the reader.
    RequestReader(HeadLimits limits, Request& request);
    ~RequestReader();

    /// Starts over. Until has_head() the request still holds parts of the one before.
    void restart();

    /// Takes what it understands off the front of `bytes` and says how much that was; call again with the rest and
    /// what came since. Stops where the head ends, so that limit_body() can be called, and where the request ends.
    std::size_t take(std::string_view bytes);

    Stage stage() const { return stage_; }
    bool has_head() const { return has_head_; }  ///< Whether the head was read whole, and is sound.
    Fault fault() const { return fault_; }       ///< Of Stage::refused.

    /// The most bytes the body may have: more is refused with 413, at once where Content-Length says so.
    void limit_body(std::size_t bytes);

    bool keeps_alive() const;  ///< Whether the client wants the connection to stay (RFC 9112 section 9.3).
    bool is_http_1_0() const;
    bool expects_continue() const;  ///< Waits for 100 before it sends the body (RFC 9110 section 10.1.1).

private:
    class Parser;

    void refuse(Fault fault);
    std::size_t take_head(std::string_view bytes);
    std::size_t take_body(std::string_view bytes);

    HeadLimits limits_;
    Request& request_;
    HeadScan scan_;
    std::unique_ptr<Parser> parser_;
    Stage stage_ = Stage::head;
    bool has_head_ = false;
    Fault fault_;
};

}  // namespace sallyport::http
