#include "auth/audit_log.hpp"

#include "auth/audit.hpp"
#include "auth/auth_store.hpp"

#include <gtest/gtest.h>

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace sallyport::auth {
namespace {

/// What is written to a log, once it is closed. In memory: a pipe may hold less than a test writes.
class KeptLog {
public:
    KeptLog() {
        if (file_ < 0) throw std::runtime_error{"no file in memory"};
        lines_.emplace(file_);
    }
    ~KeptLog() { close(file_); }
    KeptLog(KeptLog const&) = delete;
    KeptLog& operator=(KeptLog const&) = delete;

    http::EventLog log() { return http::EventLog{*lines_}; }
    std::string text() {
        lines_.reset();
        std::string text(1 << 20, '\0');
        auto const size = pread(file_, text.data(), text.size(), 0);
        text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        return text;
    }

private:
    int file_ = memfd_create("log", 0);
    std::optional<http::LineWriter> lines_;
};

class AuditLogTest : public testing::Test {
protected:
    std::int64_t add(std::string name, Event::Outcome outcome = Event::Outcome::done) {
        return db.write([&](store::Transaction& transaction) {
            return record(
                transaction,
                {.name = name, .outcome = outcome, .account = {"Employee", "1"}, .source = {"10.0.0.0/24", ""}},
                db.clock.now());
        });
    }

    AuthStore db;
    KeptLog out;
};

TEST_F(AuditLogTest, EachEventIsALineOnceInItsOrder) {
    add("before the start");
    AuditLog log{db.store(), db.clock, out.log()};
    add("code");
    add("session.begun");
    db.clock.advance(AuditLog::delay_ms);
    wait_for(log.tell_new());
    wait_for(log.tell_new());
    EXPECT_EQ(out.text(), R"({"ts":"2015-06-01T10:00:00.000Z","event":"code","outcome":"done","model":"Employee",)"
                          R"("userId":1,"network":"10.0.0.0/24"})"
                          "\n"
                          R"({"ts":"2015-06-01T10:00:00.000Z","event":"session.begun","outcome":"done",)"
                          R"("model":"Employee","userId":1,"network":"10.0.0.0/24"})"
                          "\n");
}

TEST_F(AuditLogTest, APasswordIsToldAfterItWasCompared) {
    AuditLog log{db.store(), db.clock, out.log()};
    auto const id = add("password", Event::Outcome::refused);
    wait_for(log.tell_new());
    db.write([&](store::Transaction& transaction) { return settle(transaction, id); });
    db.clock.advance(AuditLog::delay_ms);
    wait_for(log.tell_new());
    auto const text = out.text();
    EXPECT_EQ(std::ranges::count(text, '\n'), 1);
    EXPECT_NE(text.find(R"("event":"password","outcome":"done")"), std::string::npos) << text;
}

TEST_F(AuditLogTest, WhatIsTooYoungIsToldAtTheEnd) {
    AuditLog log{db.store(), db.clock, out.log()};
    add("code");
    wait_for(log.tell_new());
    log.tell_rest();
    log.tell_rest();
    auto const text = out.text();
    EXPECT_EQ(std::ranges::count(text, '\n'), 1);
}

TEST_F(AuditLogTest, ManyAreToldInParts) {
    AuditLog log{db.store(), db.clock, out.log()};
    for (int i = 0; i < 510; ++i) add("e");
    db.clock.advance(AuditLog::delay_ms);
    wait_for(log.tell_new());
    auto const text = out.text();
    EXPECT_EQ(std::ranges::count(text, '\n'), 510);
}

}  // namespace
}  // namespace sallyport::auth
