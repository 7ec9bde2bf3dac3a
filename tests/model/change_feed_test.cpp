#include "model/change_feed.hpp"

#include "support.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace sallyport::model {
namespace {

using std::chrono::steady_clock;

std::vector<Change> change(int id, std::string const& text = {}) {
    std::vector<Change> changes;
    changes.push_back({.kind = Change::Kind::update, .id = Json{id}, .record = JsonObject{{"text", text}}});
    return changes;
}

class Feed : public testing::Test {
protected:
    /// Ids of what waits for a reader, in order.
    static std::string ids(ChangeReader& reader) {
        std::string found;
        // A deadline that is over: takes what is there and waits for nothing.
        while (auto const next = wait_for(reader.next({}))) found += to_display(next->id) + " ";
        return found;
    }

    std::shared_ptr<boost::asio::io_context> context = borrow_context();
    ChangeFeed feed;
    std::shared_ptr<ChangeReader> reader = feed.subscribe(context->get_executor());

    void TearDown() override { context->run(); }
};

TEST_F(Feed, ChangesAreToldInTheOrderOfTheirPlaces) {
    auto first = feed.take_place();
    auto second = feed.take_place();
    second.tell(change(2));
    EXPECT_EQ(ids(*reader), "");
    first.tell(change(1));
    EXPECT_EQ(ids(*reader), "1 2 ");
}

TEST_F(Feed, APlaceThatIsGivenBackKeepsNobodyWaiting) {
    auto second = [this] {
        auto const abandoned = feed.take_place();
        return feed.take_place();
    }();
    second.tell(change(2));
    EXPECT_EQ(ids(*reader), "2 ");
}

TEST_F(Feed, AReaderIsToldNothingFromBeforeItCame) {
    feed.take_place().tell(change(1));
    auto const late = feed.subscribe(context->get_executor());
    feed.take_place().tell(change(2));
    EXPECT_EQ(ids(*late), "2 ");
}

TEST_F(Feed, AReaderThatWouldMissAChangeIsOverAndHoldsNothing) {
    for (std::size_t i = 0; i < ChangeReader::most_changes; ++i) feed.take_place().tell(change(1));
    EXPECT_FALSE(reader->is_over());
    feed.take_place().tell(change(2));
    EXPECT_TRUE(reader->is_over());
    EXPECT_EQ(ids(*reader), "");
}

TEST_F(Feed, WhatWaitsIsBoundedInBytesToo) {
    std::string const big(ChangeReader::most_bytes / 2 + 1, 'x');
    feed.take_place().tell(change(1, big));
    feed.take_place().tell(change(2, big));
    EXPECT_TRUE(reader->is_over());
}

TEST_F(Feed, OneChangeLargerThanTheBoundIsTold) {
    feed.take_place().tell(change(1, std::string(ChangeReader::most_bytes + 1, 'x')));
    EXPECT_EQ(ids(*reader), "1 ");
}

TEST_F(Feed, TooManyChangesEndEveryReader) {
    feed.take_place().tell_too_many();
    EXPECT_TRUE(reader->is_over());
}

TEST_F(Feed, WhoLeftIsForgottenWithTheNextChange) {
    EXPECT_TRUE(feed.has_readers());
    reader.reset();
    feed.take_place().tell(change(1));
    EXPECT_FALSE(feed.has_readers());
}

TEST_F(Feed, AWaitingReaderIsWokenFromAnotherThread) {
    auto told = boost::asio::co_spawn(*context, reader->next(steady_clock::now() + std::chrono::seconds{30}),
                                      boost::asio::use_future);
    std::thread other{[this] { feed.take_place().tell(change(7)); }};
    context->run();
    other.join();
    EXPECT_EQ(told.get()->id, Json{7});
}

}  // namespace
}  // namespace sallyport::model
