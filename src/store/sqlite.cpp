// Reads by a unique index run in place on the caller's thread: they are shorter than a hop to another. Each thread
// finds a connection of its own among a few; any other read goes to a pool of threads, with a time limit.

#include "store/sqlite.hpp"

#include "store/database_file.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_copy.hpp"
#include "store/sqlite_writer.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sallyport::store {
namespace {

// Reading connections, each opened when it is first needed and used by one thread at a time.
class Readers {
public:
    Readers(ConnectionRules rules, std::size_t count) : rules_{std::move(rules)}, slots_(count) {}

    /// Calls `use` with a connection no one else uses meanwhile: the same for a thread, unless it is taken.
    template <class Use>
    void with(Use const& use) {
        auto const first = std::hash<std::thread::id>{}(std::this_thread::get_id()) % slots_.size();
        for (std::size_t i = 0; i < slots_.size(); ++i) {
            auto& slot = slots_[(first + i) % slots_.size()];
            if (std::unique_lock const lock{slot.mutex, std::try_to_lock}; lock.owns_lock()) return use(open(slot));
        }
        auto& slot = slots_[first];
        std::lock_guard const lock{slot.mutex};
        use(open(slot));
    }

private:
    struct Slot {
        std::mutex mutex;
        std::unique_ptr<Connection> connection;
    };

    Connection& open(Slot& slot) const {
        if (!slot.connection) slot.connection = std::make_unique<Connection>(rules_);
        return *slot.connection;
    }

    ConnectionRules rules_;
    std::vector<Slot> slots_;
};

ConnectionRules connection_rules(SqliteRules const& rules, DatabaseFile const& file, ConnectionRules::Use use) {
    return {.file = file.path(),
            .use = use,
            .synchronous = rules.file.empty() ? "OFF" : rules.synchronous,
            // Locks in the process: a lock file keeps others out, and each read is spared a pair of fcntl calls.
            .vfs = rules.vfs.empty() ? "unix-excl" : rules.vfs};
}

Task<> run_all(Transaction& transaction, std::vector<Statement> const& statements) {
    for (auto const& statement : statements) co_await transaction.run(statement);
}

class SqliteStore final : public Store {
public:
    explicit SqliteStore(SqliteRules const& rules)
        : file_{rules.file.empty() ? DatabaseFile::make_private() : DatabaseFile::open(rules.file)},
          read_limit_{rules.read_limit_ms},
          reading_{connection_rules(rules, file_, ConnectionRules::Use::reading)},
          writer_{connection_rules(rules, file_, ConnectionRules::Use::writing), rules.write_queue},
          points_{reading_, std::max(2U, std::thread::hardware_concurrency()) + 2},
          scans_{reading_, rules.readers},
          pool_{{.name = "reader", .threads = rules.readers, .queue_limit = 1024, .nice = 0}} {}

    query::Dialect dialect() const override { return query::Dialect::sqlite; }

    Task<> read(Statement statement, RowReader reader, Plan plan) override {
        require_sound();
        if (plan == Plan::point) {
            read_from(points_, statement, reader);
            co_return;
        }
        co_await pool_.run(
            std::bind_front(&SqliteStore::read_from, this, std::ref(scans_), std::cref(statement), std::cref(reader)));
    }

    Task<> write(Work work, Priority priority) override { return writer_.write(std::move(work), priority); }

    void prepare(std::vector<Statement> const& statements) override {
        writer_.write_blocking([&](Transaction& transaction) { return run_all(transaction, statements); });
    }

    RowChanges const* watch(std::string const& table) override { return writer_.watch(table); }

    void inspect(Statement const& statement, RowReader const& reader) override {
        require_sound();
        points_.with([&](Connection& connection) { connection.read(statement, reader); });
    }

    void back_up(std::filesystem::path const& file, std::stop_token const& stop) override {
        require_sound();
        copy_database(reading_, file, stop);
    }

private:
    void require_sound() const {
        if (writer_.is_broken()) throw unavailable("The database cannot be used now.", 30);
    }

    void read_from(Readers& readers, Statement const& statement, RowReader const& reader) const {
        auto const deadline = Connection::Clock::now() + read_limit_;
        readers.with([&](Connection& connection) { connection.read(statement, reader, deadline); });
    }

    // Readers are closed before the writer, which makes the last checkpoint; the file is let go after all.
    DatabaseFile file_;
    std::chrono::milliseconds read_limit_;
    ConnectionRules reading_;
    SqliteWriter writer_;
    Readers points_;
    Readers scans_;
    Pool pool_;
};

}  // namespace

std::unique_ptr<Store> open_sqlite(SqliteRules const& rules) {
    // SQLite's count of the memory it uses takes a lock that all threads share. Refused, harmlessly, once it is in use.
    static auto const uncounted [[maybe_unused]] = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    return std::make_unique<SqliteStore>(rules);
}

}  // namespace sallyport::store
