// Counts when rows of a table change, so that what was read of them can be kept for as long as they stay the same.

#pragma once

#include <array>
#include <atomic>
#include <bitset>
#include <cstddef>
#include <cstdint>

namespace sallyport::store {

/// Changes of one table. A count rises after a commit is done and before anybody is told so: whoever takes the counts,
/// reads, and finds them unchanged later, has read what still stands.
///
/// Counts may be read on any thread.
class RowChanges {
public:
    /// Of any row: inserted, updated, deleted.
    std::uint64_t of_any() const { return any_.load(std::memory_order_acquire); }

    /// Of the row with that rowid; some others count with it. Take it after the row is read, and between two equal
    /// counts of_any().
    std::uint64_t of(std::int64_t row) const { return slots_[slot(row)].load(std::memory_order_acquire); }

    /// For the store's writer: notes a change that is not committed yet, and counts all that were noted.
    void note(std::int64_t row) { noted_.set(slot(row)); }
    void publish() {
        if (noted_.none()) return;
        any_.fetch_add(1, std::memory_order_release);  // First: a reader that sees a slot's sees this one.
        for (std::size_t i = 0; i < slots_.size(); ++i) {
            if (noted_.test(i)) slots_[i].fetch_add(1, std::memory_order_release);
        }
        noted_.reset();
    }

private:
    static constexpr std::size_t slot_count = 1024;
    static std::size_t slot(std::int64_t row) { return static_cast<std::uint64_t>(row) % slot_count; }

    std::atomic<std::uint64_t> any_{0};
    std::array<std::atomic<std::uint64_t>, slot_count> slots_{};
    std::bitset<slot_count> noted_;
};

}  // namespace sallyport::store
