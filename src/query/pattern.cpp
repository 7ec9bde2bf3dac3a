#include "query/pattern.hpp"

namespace sallyport::query {

RE2::Options pattern_options() {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    return options;
}

}  // namespace sallyport::query
