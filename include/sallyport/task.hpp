// Task: what a function returns if it may have to wait.

#pragma once

#include <boost/asio/awaitable.hpp>

namespace sallyport {

/// A coroutine on the caller's io thread. Await it at once; it starts only then.
///
/// Parameters are passed by value, or as references to what outlives the request: never to a temporary.
template <class T = void>
using Task = boost::asio::awaitable<T>;

}  // namespace sallyport
