// Whether the program lives, and whether it can do its work: for load balancers and those who watch over it.

#pragma once

#include "app/stores.hpp"
#include "sallyport/request.hpp"

namespace sallyport::app {

/// `handler`, with GET /health before it, 200 as long as anything is answered, and GET /ready, 200 if every database of
/// `stores` answers and else 503. Neither says more. `stores` must outlive it.
Handler with_health(Stores const& stores, Handler handler);

}  // namespace sallyport::app
