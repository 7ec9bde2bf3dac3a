#include "auth/sessions.hpp"

#include "auth/auth_store.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace sallyport::auth {
namespace {

std::string numbered(int number) { return "sha256:" + std::to_string(number); }

class SessionsTest : public testing::Test {
protected:
    void run(std::string sql, std::vector<store::Value> values = {}) {
        db.store().prepare({{std::move(sql), std::move(values)}});
    }
    void add(std::string const& id) {
        run("INSERT INTO accesstoken (id, ttl, created, userid) VALUES (?1, 60, 1000, 7)", {id});
        run("INSERT INTO sallyport_sessions (id, user_model, user_id, purpose, created, last_used, auth_time,"
            " expires_at, factors, network, agent)"
            " VALUES (?1, 'Employee', '7', 'session', 1000, 2000, 3000, 61000, '[\"password\",\"sms\"]', '', '')",
            {id});
    }
    std::shared_ptr<Session const> find(std::string const& id) { return wait_for(sessions.find(id)); }

    AuthStore db;
    Sessions sessions{db.store()};
};

TEST_F(SessionsTest, ASessionIsBothItsRows) {
    add("sha256:a");
    auto const session = find("sha256:a");
    ASSERT_TRUE(session);
    EXPECT_EQ(session->ttl, 60);
    EXPECT_EQ(session->created, 1000);
    EXPECT_EQ(session->scopes, std::vector<std::string>{"DEFAULT"});
    EXPECT_EQ(session->user_model, "Employee");
    EXPECT_EQ(session->user_id, Json{7});
    EXPECT_EQ(session->last_used, 2000);
    EXPECT_EQ(session->authenticated_at, 3000);
    EXPECT_EQ(session->factors, (std::vector<std::string>{"password", "sms"}));
    EXPECT_FALSE(find("sha256:b"));
}

TEST_F(SessionsTest, ItIsReadOnceWhileNothingChanges) {
    add("sha256:a");
    auto const session = find("sha256:a");
    EXPECT_EQ(find("sha256:a"), session);
    run("UPDATE sallyport_meta SET value = value");  // Another table.
    EXPECT_EQ(find("sha256:a"), session);
}

TEST_F(SessionsTest, WhateverEndsItEndsItForTheNextWhoAsks) {
    auto const endings = {
        "DELETE FROM accesstoken WHERE id = 'sha256:a'",
        "DELETE FROM accesstoken",
        "DELETE FROM sallyport_sessions WHERE user_id = '7'",
        "DELETE FROM sallyport_sessions",
        "UPDATE accesstoken SET id = 'sha256:other' WHERE id = 'sha256:a'",
    };
    for (auto const* ending : endings) {
        add("sha256:a");
        add("sha256:b");
        ASSERT_TRUE(find("sha256:a")) << ending;
        run(ending);
        EXPECT_FALSE(find("sha256:a")) << ending;
        run("DELETE FROM accesstoken WHERE true");
        run("DELETE FROM sallyport_sessions WHERE true");
    }
}

TEST_F(SessionsTest, WhateverChangesItIsSeenByTheNextWhoAsks) {
    add("sha256:a");
    EXPECT_EQ(find("sha256:a")->ttl, 60);
    run("UPDATE accesstoken SET ttl = 5");
    EXPECT_EQ(find("sha256:a")->ttl, 5);
    run("UPDATE sallyport_sessions SET last_used = 9000 WHERE id = 'sha256:a'");
    EXPECT_EQ(find("sha256:a")->last_used, 9000);
}

TEST_F(SessionsTest, AnotherSessionsUseLeavesItKept) {
    add("sha256:a");
    add("sha256:b");
    auto const session = find("sha256:a");
    run("UPDATE sallyport_sessions SET last_used = 9000 WHERE id = 'sha256:b'");
    EXPECT_EQ(find("sha256:a"), session);
}

TEST_F(SessionsTest, ManyMoreThanAreKeptAreFoundAllTheSame) {
    for (int i = 0; i < 5000; ++i) add(numbered(i));
    for (int i = 0; i < 5000; ++i) ASSERT_TRUE(find(numbered(i))) << i;
    run("DELETE FROM sallyport_sessions");
    for (int i = 0; i < 5000; ++i) ASSERT_FALSE(find(numbered(i))) << i;
}

TEST_F(SessionsTest, OnceItsEndIsAcknowledgedNoThreadFindsIt) {
    std::atomic<int> ended{-1};  // Sessions up to this one have ended.
    std::atomic<int> newest{-1};
    std::atomic<int> risen{0};
    std::jthread const reader{[&](std::stop_token const& stop) {
        while (!stop.stop_requested()) {
            auto const gone = ended.load();
            if (gone >= 0 && find(numbered(gone))) ++risen;
            if (auto const last = newest.load(); last >= 0) find(numbered(last));
        }
    }};
    for (int i = 0; i < 200; ++i) {
        add(numbered(i));
        newest = i;
        find(numbered(i));
        run("DELETE FROM sallyport_sessions WHERE id = ?1", {numbered(i)});
        ended = i;
        EXPECT_FALSE(find(numbered(i))) << i;
    }
    EXPECT_EQ(risen, 0);
}

}  // namespace
}  // namespace sallyport::auth
