#include "sallyport/clock.hpp"

#include <chrono>

namespace sallyport {

std::int64_t SystemClock::now() const {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace sallyport
