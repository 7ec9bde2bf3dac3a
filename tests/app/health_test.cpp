#include "app/health.hpp"

#include "sallyport/error.hpp"
#include "support.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace sallyport::app {
namespace {

/// A database that answers until it is broken.
class Fragile final : public store::Store {
public:
    query::Dialect dialect() const override { return query::Dialect::sqlite; }
    Task<> read(store::Statement, store::RowReader, store::Plan) override {
        if (is_broken) throw Error{503, "the disk is gone"};
        co_return;
    }
    Task<> write(store::Work, Priority) override { co_return; }
    void prepare(std::vector<store::Statement> const&) override {}
    store::RowChanges const* watch(std::string const&) override { return nullptr; }
    void inspect(store::Statement const&, store::RowReader const&) override {}
    void back_up(std::filesystem::path const&, std::stop_token const&) override {}

    bool is_broken = false;
};

TEST(Health, TellsWhetherTheProgramLivesAndWhetherItsDatabasesAnswer) {
    Stores stores;
    stores["a"] = std::make_unique<Fragile>();
    auto broken = std::make_unique<Fragile>();
    auto& b = *broken;
    stores["b"] = std::move(broken);
    auto const handler = with_health(stores, [](Request const&) -> Task<Response> {
        Response response;
        response.status = 404;
        co_return response;
    });
    auto const ask = [&](std::string verb, std::string target) {
        Request request;
        request.verb = std::move(verb);
        request.target = std::move(target);
        return wait_for(handler(request));
    };
    EXPECT_EQ(ask("GET", "/health").status, 200);
    EXPECT_EQ(ask("GET", "/ready?verbose").status, 200);
    EXPECT_EQ(ask("HEAD", "/ready").status, 200);
    EXPECT_EQ(ask("GET", "/ready").header("Cache-Control"), "no-store");
    b.is_broken = true;
    EXPECT_EQ(ask("GET", "/ready").status, 503);
    EXPECT_EQ(std::get<std::string>(ask("GET", "/ready").body), R"({"status":"unavailable"})");
    EXPECT_EQ(ask("GET", "/health").status, 200);
    EXPECT_EQ(ask("POST", "/health").status, 404);
    EXPECT_EQ(ask("GET", "/healthy").status, 404);
}

}  // namespace
}  // namespace sallyport::app
