// What was answered is there after a power cut, and after kill -9.

#include "folder.hpp"
#include "store/forgetful_vfs.hpp"
#include "store/sqlite.hpp"
#include "support.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

extern char** environ;

namespace sallyport::store {
namespace {

using Ids = std::set<std::int64_t>;

std::unique_ptr<Store> open(std::filesystem::path const& folder, std::string synchronous = "FULL",
                            std::string vfs = {}) {
    auto store =
        open_sqlite({.file = folder / "test.db", .synchronous = std::move(synchronous), .vfs = std::move(vfs)});
    store->prepare({{"CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, text TEXT)", {}}});
    return store;
}

Task<> insert(Store& store, std::int64_t id) {
    Work work = [id](Transaction& transaction) -> Task<> {
        co_await transaction.run({"INSERT INTO item VALUES (?1, hex(randomblob(100)))", {id}});
    };
    co_await store.write(std::move(work));
}

// Inserts `count` ids from `first` on, one after another, telling each that was answered.
template <class Told>
Task<> insert_many(Store& store, std::int64_t first, std::int64_t count, Told told) {
    for (auto id = first; id < first + count; ++id) {
        co_await insert(store, id);
        told(id);
    }
}

Ids stored_ids(Store& store) {
    Ids ids;
    store.inspect({"SELECT id FROM item", {}}, [&](Row const& row) { ids.insert(row.integer(0)); });
    return ids;
}

std::string integrity(Store& store) {
    std::string report;
    store.inspect({"PRAGMA integrity_check", {}}, [&](Row const& row) { report += row.text(0); });
    return report;
}

std::size_t missing(Ids const& answered, Ids const& stored) {
    Ids lost;
    std::ranges::set_difference(answered, stored, std::inserter(lost, lost.end()));
    return lost.size();
}

// Writes through a disk that forgets, cuts the power several times, and counts what was answered and is gone.
std::size_t lost_at_power_cuts(std::string const& synchronous) {
    Folder const folder;
    ForgetfulVfs vfs{"forgetful-" + synchronous};
    std::deque<boost::asio::io_context> contexts;  // The writer may still be posting to one: they outlive it.
    auto const store = open(folder.path(), synchronous, "forgetful-" + synchronous);
    Ids answered;
    std::size_t lost = 0;
    for (std::uint32_t cut = 0; cut < 20; ++cut) {
        auto& context = contexts.emplace_back();
        for (int client = 0; client < 8; ++client) {
            boost::asio::co_spawn(context,
                                  insert_many(*store, std::int64_t{cut} * 1000 + client * 100, 5 + cut,
                                              [&](std::int64_t id) { answered.insert(id); }),
                                  [](std::exception_ptr failure) {
                                      if (failure) std::rethrow_exception(failure);
                                  });
        }
        // In the middle of the work: some were answered, some wait.
        for (std::uint32_t turn = 0; turn < 3 + cut; ++turn) context.run_one();
        Folder const after;
        auto const promised = answered;
        vfs.cut_power(after.path(), cut, cut % 2 == 0 ? 0.0 : 0.5);
        auto const revived = open(after.path());
        EXPECT_EQ(integrity(*revived), "ok");
        lost += missing(promised, stored_ids(*revived));
        context.run();
    }
    EXPECT_EQ(missing(answered, stored_ids(*store)), 0U);
    return lost;
}

TEST(PowerCut, FullForgetsNothingThatWasAnswered) { EXPECT_EQ(lost_at_power_cuts("FULL"), 0U); }

TEST(PowerCut, NormalDoesForgetWhichShowsThatTheDiskOfThisTestDoes) { EXPECT_GT(lost_at_power_cuts("NORMAL"), 0U); }

int status_of(auto const& attempt) {
    try {
        attempt();
    } catch (Error const& error) {
        return error.status;
    }
    return 0;
}

TEST(BrokenDisk, AfterAFailedSyncNothingIsPromisedAnyMore) {
    Folder const folder;
    ForgetfulVfs vfs{"forgetful-broken"};
    auto const store = open(folder.path(), "FULL", "forgetful-broken");
    wait_for(insert(*store, 1));

    vfs.break_syncs();

    EXPECT_EQ(status_of([&] { wait_for(insert(*store, 2)); }), 503);
    EXPECT_EQ(status_of([&] { wait_for(insert(*store, 3)); }), 503);
    EXPECT_EQ(status_of([&] { stored_ids(*store); }), 503);
    EXPECT_EQ(status_of([&] { wait_for(store->read({"SELECT 1", {}}, [](Row const&) {}, Plan::scan)); }), 503);
    Folder const after;
    vfs.cut_power(after.path(), 1, 0.0);
    EXPECT_EQ(stored_ids(*open(after.path())), Ids{1});
}

constexpr char const* folder_variable = "SALLYPORT_TEST_FOLDER";
constexpr char const* first_variable = "SALLYPORT_TEST_FIRST";
constexpr int told_descriptor = 9;

// The child of the test below: writes until it is killed, telling each answered id.
void write_until_killed(std::filesystem::path const& folder) {
    auto const first = std::stoll(std::getenv(first_variable));
    auto const store = open(folder);
    boost::asio::io_context context;
    for (int client = 0; client < 16; ++client) {
        boost::asio::co_spawn(context,
                              insert_many(*store, first + client * 100000, 100000,
                                          [](std::int64_t id) {
                                              if (write(told_descriptor, &id, sizeof id) != sizeof id) std::abort();
                                          }),
                              [](std::exception_ptr failure) {
                                  if (failure) std::abort();
                              });
    }
    context.run();
}

// This program is its own child: started with the variables set, it comes no further than here.
class Child : public testing::Environment {
public:
    void SetUp() override {
        if (auto const* folder = std::getenv(folder_variable)) write_until_killed(folder);
    }
};

auto const* const child [[maybe_unused]] = testing::AddGlobalTestEnvironment(new Child);

// Starts the child, lets it answer `enough` writes, kills it; what it answered in all.
Ids run_and_kill(std::filesystem::path const& folder, std::int64_t first, std::size_t enough) {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    std::vector<std::string> variables{std::string{folder_variable} + "=" + folder.string(),
                                       std::string{first_variable} + "=" + std::to_string(first)};
    std::vector<char*> environment;
    for (auto** variable = environ; *variable != nullptr; ++variable) environment.push_back(*variable);
    for (auto& variable : variables) environment.push_back(variable.data());
    environment.push_back(nullptr);
    std::vector<std::string> words{"sallyport_tests", "--gtest_filter=Killed.*", "--gtest_brief=1"};
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], told_descriptor);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t process = -1;
    EXPECT_EQ(posix_spawn(&process, "/proc/self/exe", &actions, nullptr, arguments.data(), environment.data()), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);

    Ids answered;
    std::int64_t id = 0;
    while (read(ends[0], &id, sizeof id) == sizeof id) {
        answered.insert(id);
        if (answered.size() == enough) kill(process, SIGKILL);
    }
    close(ends[0]);
    int status = 0;
    waitpid(process, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself";
    return answered;
}

TEST(Killed, NothingThatWasAnsweredIsMissingAfterFiftyKills) {
    Folder const folder;
    Ids answered;
    for (int round = 0; round < 50; ++round) {
        answered.merge(
            run_and_kill(folder.path(), (round + 1) * 10000000LL, 1 + static_cast<std::size_t>(round * 7 % 97)));
        if (round % 10 != 9) continue;  // Most restarts happen in the next child, as they would in production.
        auto const store = open(folder.path());
        EXPECT_EQ(integrity(*store), "ok");
        EXPECT_EQ(missing(answered, stored_ids(*store)), 0U) << "after kill " << round + 1;
    }
    EXPECT_GT(answered.size(), 1000U);
}

}  // namespace
}  // namespace sallyport::store
