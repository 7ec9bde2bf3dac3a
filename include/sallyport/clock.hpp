// Clock: the time. Handed in everywhere, so that a test can say what time it is.

#pragma once

#include <cstdint>

namespace sallyport {

/// Tells the time. Implementations are safe on any thread.
class Clock {
public:
    virtual ~Clock() = default;

    /// Milliseconds since the Unix epoch, UTC.
    virtual std::int64_t now() const = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
public:
    std::int64_t now() const override;
};

}  // namespace sallyport
