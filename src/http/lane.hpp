// One io thread with its io_context and connections. A connection stays in its lane.

#pragma once

#include "http/connection.hpp"
#include "http/headcount.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <thread>

namespace sallyport::http {

class Lane {
public:
    Lane(Service service, Headcount& headcount);

    boost::asio::io_context& context() { return context_; }

    /// Serves a client who just came, or answers 503 where the house is full. Any thread.
    /// It speaks plain HTTP where `tls` is null.
    void welcome(Connection::Socket socket, Tls* tls, bool is_full);

    void run(std::size_t index);  ///< In a thread of its own.
    void drain();                 ///< Any thread: idle connections close, the others after their answer.
    void abort();                 ///< Any thread: all connections close.
    void join();                  ///< Ends the thread and waits for it.

private:
    Task<> attend(Connection::Socket socket, Tls* tls, bool is_full);
    void sweep();

    Service service_;
    Headcount& headcount_;
    std::chrono::milliseconds sweep_interval_;
    // The coroutines that own the connections die with the context, so the list must outlive it.
    boost::intrusive::list<Connection, boost::intrusive::constant_time_size<false>> connections_;
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    boost::asio::steady_timer sweep_timer_;
    bool is_sweeping_ = false;
    std::thread thread_;
};

}  // namespace sallyport::http
