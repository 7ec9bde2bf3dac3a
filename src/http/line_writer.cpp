#include "http/line_writer.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace sallyport::http {

LineWriter::LineWriter(int descriptor) : descriptor_{descriptor}, thread_{[this] { run(); }} {}

LineWriter::~LineWriter() {
    {
        std::lock_guard const lock{mutex_};
        is_ending_ = true;
    }
    filled_.notify_one();
    thread_.join();
}

void LineWriter::write(std::string_view line) {
    bool was_empty = false;
    {
        std::lock_guard const lock{mutex_};
        was_empty = waiting_.empty();
        if (waiting_.size() + line.size() >= most_waiting) {
            ++dropped_;
            return;
        }
        waiting_ += line;
        waiting_ += '\n';
    }
    if (was_empty) filled_.notify_one();
}

void LineWriter::run() {
    pthread_setname_np(pthread_self(), "log");
    for (;;) {
        std::string text;
        {
            std::unique_lock lock{mutex_};
            filled_.wait(lock, [this] { return is_ending_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            text = std::exchange(waiting_, {});
            if (auto const dropped = std::exchange(dropped_, 0); dropped > 0)
                text += fmt::format("{{\"event\":\"dropped\",\"lines\":{}}}\n", dropped);
        }
        write_out(text);
    }
}

void LineWriter::write_out(std::string_view text) const {
    while (!text.empty()) {
        auto const count = ::write(descriptor_, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return;  // Nobody reads any more; requests are answered all the same.
        text.remove_prefix(static_cast<std::size_t>(count));
    }
}

}  // namespace sallyport::http
