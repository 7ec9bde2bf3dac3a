#include "delivery/outbox.hpp"

#include "store/migrate.hpp"
#include "store/sqlite.hpp"
#include "support.hpp"

#include <boost/asio/this_coro.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace sallyport::delivery {
namespace {

/// Keeps what it takes; refuses as often as told to.
class FailingSender final : public Sender {
public:
    Task<> send(Message message) override {
        ids_tried.push_back(message.id);
        if (failures > 0) {
            --failures;
            throw std::runtime_error{"gateway is down, not sent: " + message.text};
        }
        sent.push_back(std::move(message));
        co_return;
    }

    int failures = 0;
    std::vector<std::string> ids_tried;
    std::vector<Message> sent;
};

class OutboxOnSqlite : public ::testing::Test {
protected:
    OutboxOnSqlite() { store_->prepare(store::plan_own_tables(*store_)); }

    Message code() {
        Message message;
        message.kind = Message::Kind::code;
        message.channel = "sms";
        message.model = "Employee";
        message.account = "ann@x.test";
        message.to = "+15550100";
        message.text = "Your code is 123456";
        message.secret = "123456";
        message.expires_at = clock_.now() + 300'000;
        return message;
    }

    void put(Message message) {
        wait_for(store_->write(
            [this, message](store::Transaction& transaction) { return outbox_.put(transaction, message); }));
    }

    /// Due in a minute.
    void put_for_later(Message message) {
        wait_for(store_->write([this, message](store::Transaction& transaction) {
            return outbox_.put_for_later(transaction, message, clock_.now() + 60'000);
        }));
    }

    bool take_back(std::string const& id) {
        bool was_there = false;
        wait_for(store_->write([&](store::Transaction& transaction) { return note(transaction, id, was_there); }));
        return was_there;
    }

    Task<> note(store::Transaction& transaction, std::string id, bool& was_there) {
        was_there = (co_await outbox_.take_back(transaction, std::move(id))).has_value();
    }

    /// Until nothing waits any more.
    Task<> pump() { outbox_.pump(co_await boost::asio::this_coro::executor); }

    std::string rows() {
        std::string text;
        store_->inspect({"SELECT id, channel, sealed FROM sallyport_outbox", {}}, [&text](store::Row const& row) {
            for (int i = 0; i < 3; ++i) text += std::string{row.text(i)} + " ";
        });
        return text;
    }

    StillClock clock_;
    crypto::Keys keys_ = crypto::Keys::make();
    std::unique_ptr<store::Store> store_ = store::open_sqlite({});
    std::shared_ptr<FailingSender> sms_ = std::make_shared<FailingSender>();
    Senders senders_{{"sms", sms_}};
    Outbox outbox_{*store_, keys_, clock_, senders_};
};

TEST_F(OutboxOnSqlite, AMessageArrivesAsItWasAndIsErased) {
    put(code());
    EXPECT_NE(rows(), "");

    wait_for(outbox_.flush());

    ASSERT_EQ(sms_->sent.size(), 1U);
    auto const& message = sms_->sent.front();
    EXPECT_EQ(message.kind, Message::Kind::code);
    EXPECT_EQ(message.channel, "sms");
    EXPECT_EQ(message.model, "Employee");
    EXPECT_EQ(message.account, "ann@x.test");
    EXPECT_EQ(message.to, "+15550100");
    EXPECT_EQ(message.text, "Your code is 123456");
    EXPECT_EQ(message.secret, "123456");
    EXPECT_EQ(message.expires_at, clock_.now() + 300'000);
    EXPECT_EQ(rows(), "");
}

TEST_F(OutboxOnSqlite, WhatIsPutForLaterGoesOutOnceItIsDueAndNoPumpWaitsForIt) {
    put_for_later(code());
    wait_for(pump());
    EXPECT_TRUE(sms_->sent.empty());
    EXPECT_EQ(rows().find("123456"), std::string::npos);

    clock_.advance(60'000);
    wait_for(pump());

    EXPECT_EQ(sms_->sent.size(), 1U);
    EXPECT_EQ(rows(), "");
}

TEST_F(OutboxOnSqlite, WhatIsTakenBackIsNotSent) {
    auto message = code();
    message.id = "later";
    put_for_later(message);
    EXPECT_TRUE(take_back("later"));
    EXPECT_FALSE(take_back("later"));
    clock_.advance(60'000);
    wait_for(outbox_.flush());
    EXPECT_TRUE(sms_->sent.empty());
}

TEST_F(OutboxOnSqlite, WhatWaitsIsSealed) {
    put(code());
    EXPECT_EQ(rows().find("123456"), std::string::npos);
    EXPECT_EQ(rows().find("+15550100"), std::string::npos);
    EXPECT_EQ(rows().find("ann@x.test"), std::string::npos);
}

TEST_F(OutboxOnSqlite, WhatIsRolledBackIsNeverSent) {
    EXPECT_THROW(wait_for(store_->write([this](store::Transaction& transaction) {
                     return [](Outbox& outbox, store::Transaction& inside, Message message) -> Task<> {
                         co_await outbox.put(inside, std::move(message));
                         throw Error{422, "no"};
                     }(outbox_, transaction, code());
                 })),
                 Error);
    wait_for(outbox_.flush());
    EXPECT_TRUE(sms_->ids_tried.empty());
}

TEST_F(OutboxOnSqlite, ARefusedMessageIsTriedAgainLaterUnderTheSameId) {
    put(code());
    sms_->failures = 2;

    wait_for(outbox_.flush());
    wait_for(outbox_.flush());  // Not due yet.
    EXPECT_EQ(sms_->ids_tried.size(), 1U);
    clock_.advance(2000);
    wait_for(outbox_.flush());
    clock_.advance(2000);
    wait_for(outbox_.flush());  // The second wait is twice as long.
    EXPECT_EQ(sms_->ids_tried.size(), 2U);
    clock_.advance(2000);
    wait_for(outbox_.flush());

    ASSERT_EQ(sms_->ids_tried.size(), 3U);
    EXPECT_EQ(sms_->sent.size(), 1U);
    EXPECT_EQ(sms_->ids_tried[0], sms_->ids_tried[2]);
    EXPECT_EQ(rows(), "");
}

TEST_F(OutboxOnSqlite, AMessageIsNotSentAfterItsLife) {
    put(code());
    clock_.advance(300'000);
    wait_for(outbox_.flush());
    EXPECT_TRUE(sms_->ids_tried.empty());
    EXPECT_EQ(rows(), "");
}

TEST_F(OutboxOnSqlite, AMessageIsGivenUpWhenItsLifeIsOverBeforeTheNextTry) {
    auto message = code();
    message.expires_at = clock_.now() + 1500;
    put(message);
    sms_->failures = 1;
    wait_for(outbox_.flush());
    EXPECT_EQ(sms_->ids_tried.size(), 1U);
    EXPECT_EQ(rows(), "");
}

TEST_F(OutboxOnSqlite, WhatASenderSaysOfItsFailureIsPrintedNowhere) {
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    put(code());
    sms_->failures = 100;
    for (int i = 0; i < 10 && !rows().empty(); ++i) {
        wait_for(outbox_.flush());
        clock_.advance(50'000);
    }
    auto const printed = ::testing::internal::GetCapturedStdout() + ::testing::internal::GetCapturedStderr();
    EXPECT_EQ(rows(), "");
    EXPECT_NE(printed, "");  // That it was given up is told.
    for (auto const* secret : {"123456", "+15550100", "ann@x.test"}) {
        EXPECT_EQ(printed.find(secret), std::string::npos) << secret;
    }
}

TEST_F(OutboxOnSqlite, AMessageThatSomeoneIsSendingIsLeftAloneUntilItsLeaseRunsOut) {
    put(code());
    wait_for(store_->write([this](store::Transaction& transaction) -> Task<> {
        return [](store::Transaction& inside, std::int64_t until) -> Task<> {
            co_await inside.run({"UPDATE sallyport_outbox SET lease_until = ?1", {until}});
        }(transaction, clock_.now() + 60'000);
    }));
    wait_for(outbox_.flush());
    EXPECT_TRUE(sms_->ids_tried.empty());
    clock_.advance(60'000);
    wait_for(outbox_.flush());
    EXPECT_EQ(sms_->sent.size(), 1U);
}

TEST_F(OutboxOnSqlite, ARowMovedToAnotherIdIsNotSent) {
    put(code());
    wait_for(store_->write([](store::Transaction& transaction) -> Task<> {
        return [](store::Transaction& inside) -> Task<> {
            co_await inside.run({"UPDATE sallyport_outbox SET id = 'other'", {}});
        }(transaction);
    }));
    wait_for(outbox_.flush());
    EXPECT_TRUE(sms_->ids_tried.empty());
}

TEST(Outbox, PumpingGoesOnUntilTheMessageIsOut) {
    SystemClock const clock;
    auto const keys = crypto::Keys::make();
    auto const store = store::open_sqlite({});
    store->prepare(store::plan_own_tables(*store));
    auto const sms = std::make_shared<FailingSender>();
    sms->failures = 2;
    Senders const senders{{"sms", sms}};
    Outbox outbox{*store, keys, clock, senders, {.first_wait = 1}};
    Message message;
    message.channel = "sms";
    wait_for(store->write([&](store::Transaction& transaction) { return outbox.put(transaction, message); }));

    auto const context = borrow_context();
    outbox.pump(context->get_executor());
    context->run();

    EXPECT_EQ(sms->sent.size(), 1U);
    EXPECT_EQ(sms->ids_tried.size(), 3U);
}

}  // namespace
}  // namespace sallyport::delivery
