#include "crypto/keys.hpp"

#include "folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <stdexcept>

namespace sallyport::crypto {
namespace {

constexpr std::string_view zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

class KeysFile : public ::testing::Test {
protected:
    Folder const folder_;
    std::filesystem::path const file_ = folder_.path() / "keys.json";
};

std::string with_codes(std::string_view codes) {
    auto const other = R"([{"id":"00000001","key":")" + std::string{zeros} + R"("}])";
    return R"({"codes":)" + std::string{codes} + R"(,"passwords":)" + other + R"(,"sealing":)" + other +
           R"(,"identifiers":)" + other + "}";
}

std::string key(std::string_view id) {
    return R"({"id":")" + std::string{id} + R"(","key":")" + std::string{zeros} + R"("})";
}

TEST_F(KeysFile, WhatWasSavedIsReadBack) {
    auto const made = Keys::make();
    made.save(file_);

    auto const read = Keys::read(file_);

    for (auto const purpose : {Purpose::codes, Purpose::passwords, Purpose::sealing, Purpose::identifiers}) {
        EXPECT_EQ(read.current(purpose).id, made.current(purpose).id);
        EXPECT_EQ(read.current(purpose).bytes, made.current(purpose).bytes);
        EXPECT_EQ(read.current(purpose).bytes.size(), 32U);
    }
    EXPECT_EQ(read.fingerprint(), made.fingerprint());
    EXPECT_NE(read.fingerprint(), Keys::make().fingerprint());
}

TEST_F(KeysFile, OnlyItsOwnerMayReadIt) {
    Keys::make().save(file_);
    struct stat found{};
    ASSERT_EQ(stat(file_.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0600U);

    for (auto const mode : {0640, 0604, 0660, 0610}) {
        ASSERT_EQ(chmod(file_.c_str(), static_cast<mode_t>(mode)), 0);
        EXPECT_THROW(Keys::read(file_), std::runtime_error) << mode;
    }
    ASSERT_EQ(chmod(file_.c_str(), 0400), 0);
    EXPECT_NO_THROW(Keys::read(file_));
}

TEST_F(KeysFile, AnExistingFileIsNeverOverwritten) {
    auto const first = Keys::make();
    first.save(file_);
    EXPECT_THROW(Keys::make().save(file_), std::runtime_error);
    EXPECT_EQ(Keys::read(file_).fingerprint(), first.fingerprint());
}

TEST_F(KeysFile, AMissingFileIsNamed) {
    try {
        Keys::read(file_);
        FAIL();
    } catch (std::runtime_error const& error) {
        EXPECT_NE(std::string{error.what()}.find(file_.string()), std::string::npos) << error.what();
    }
}

TEST(Keys, TheFirstOfEachPurposeIsInUseAndOldOnesAreFound) {
    auto const keys = Keys::parse(with_codes("[" + key("aaaaaaaa") + "," + key("bbbbbbbb") + "]"));

    EXPECT_EQ(keys.current(Purpose::codes).id, "aaaaaaaa");
    ASSERT_NE(keys.find(Purpose::codes, "bbbbbbbb"), nullptr);
    EXPECT_EQ(keys.find(Purpose::codes, "cccccccc"), nullptr);
    EXPECT_EQ(keys.find(Purpose::sealing, "bbbbbbbb"), nullptr);
}

TEST(Keys, WhatIsNoSetOfKeysIsRefusedWithoutShowingOne) {
    std::string const texts[] = {
        "",
        "[]",
        "{}",
        with_codes("[]"),
        with_codes("{}"),
        with_codes(R"([{"id":"short","key":")" + std::string{zeros} + R"("}])"),
        with_codes(R"([{"id":"aaaaaaaa","key":"AAAA"}])"),
        with_codes(R"([{"id":"aaaaaaaa","key":7}])"),
        with_codes(R"([{"id":"aaaaaaaa"}])"),
        with_codes(R"([{"id":"aaaaaaaa","key":"!)" + std::string{zeros} + R"("}])"),
    };
    for (auto const& text : texts) {
        try {
            Keys::parse(text);
            ADD_FAILURE() << text;
        } catch (std::runtime_error const& error) {
            EXPECT_EQ(std::string{error.what()}.find(zeros), std::string::npos) << error.what();
        }
    }
}

}  // namespace
}  // namespace sallyport::crypto
