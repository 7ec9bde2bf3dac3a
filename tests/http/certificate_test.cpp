#include "http/certificate.hpp"

#include "certificate_files.hpp"
#include "folder.hpp"
#include "http/tls.hpp"

#include <gtest/gtest.h>

namespace sallyport::http {
namespace {

using enum CertificateError::File;

class CertificateTest : public testing::Test {
protected:
    CertificateTest() {
        make_certificate(folder_.path(), "a", {.serial = 0x1234abcd});
        make_certificate(folder_.path(), "b");
    }

    void expect_refused(std::string const& certificate_name, std::string const& key_name, CertificateError::File file,
                        std::string const& text) const {
        try {
            Tls{read_certificate({folder_.path() / certificate_name, folder_.path() / key_name})};
            ADD_FAILURE() << certificate_name << " and " << key_name << " are accepted";
        } catch (CertificateError const& error) {
            EXPECT_EQ(error.file(), file) << error.what();
            EXPECT_TRUE(std::string{error.what()}.contains(text)) << error.what();
            EXPECT_FALSE(error.hint().empty());
        }
    }

    Folder const folder_;
};

TEST_F(CertificateTest, IsReadWithItsChain) {
    folder_.write("chain.pem", folder_.read("a.pem") + folder_.read("b.pem"));

    auto const found = read_certificate({folder_.path() / "chain.pem", folder_.path() / "a.key"});

    EXPECT_EQ(found.serial, "1234ABCD");
    EXPECT_EQ(found.chain.size(), 1);
    EXPECT_EQ(found.expires.size(), 10);
}

TEST_F(CertificateTest, WhatCannotBeUsedIsToldByItsFile) {
    folder_.write("no.pem", "nothing");
    folder_.write("no.key", "nothing");
    folder_.write("open.key", folder_.read("a.key"));
    // What it holds does not matter: the passphrase is asked for first.
    folder_.write("locked.key",
                  "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                  "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgUCvuRXb3t8QICCAAw\n"
                  "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEBvW0jBk1vKkXTAS7pq8U6UEQOq5\n"
                  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
                  "AAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
                  "-----END ENCRYPTED PRIVATE KEY-----\n");
    for (auto const* name : {"no.key", "locked.key"}) {
        std::filesystem::permissions(folder_.path() / name, std::filesystem::perms{0600});
    }
    std::filesystem::permissions(folder_.path() / "open.key", std::filesystem::perms{0640});

    expect_refused("none.pem", "a.key", certificate, "No such file");
    expect_refused("no.pem", "a.key", certificate, "no certificate");
    expect_refused(".", "a.key", certificate, "not a file");
    expect_refused("a.pem", "none.key", key, "No such file");
    expect_refused("a.pem", "no.key", key, "no private key");
    expect_refused("a.pem", "open.key", key, "others can read");
    expect_refused("a.pem", "locked.key", key, "passphrase");
    expect_refused("a.pem", "b.key", key, "does not belong");
}

TEST_F(CertificateTest, IsGoodOnlyBetweenItsDates) {
    make_certificate(folder_.path(), "old", {.good_until = -60});
    make_certificate(folder_.path(), "new", {.good_from = 3600});

    expect_refused("old.pem", "old.key", certificate, "was good until");
    expect_refused("new.pem", "new.key", certificate, "good only from");
}

TEST_F(CertificateTest, WeakKeysAreRefused) {
    make_certificate(folder_.path(), "weak", {.rsa_bits = 1024});

    expect_refused("weak.pem", "weak.key", certificate, "too weak");
}

}  // namespace
}  // namespace sallyport::http
