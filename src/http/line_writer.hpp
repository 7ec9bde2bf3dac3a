// Lines for a log, written by a thread of their own: whoever reads them slowly holds up nobody.

#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace sallyport::http {

/// Any thread may use it. Lines are whole and in the order of their arrival.
class LineWriter {
public:
    static constexpr std::size_t most_waiting = 1 << 20;  ///< bytes; what comes on top is dropped, and counted.

    explicit LineWriter(int descriptor);
    ~LineWriter();  ///< Writes what waits.
    LineWriter(LineWriter const&) = delete;
    LineWriter& operator=(LineWriter const&) = delete;

    /// One line, without its end.
    void write(std::string_view line);

private:
    void run();
    void write_out(std::string_view text) const;

    int descriptor_;
    std::mutex mutex_;
    std::condition_variable filled_;
    std::string waiting_;
    std::size_t dropped_ = 0;
    bool is_ending_ = false;
    std::thread thread_;
};

}  // namespace sallyport::http
