#include "http/unix_socket.hpp"

#include "folder.hpp"
#include "http/server.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

namespace sallyport::http {
namespace {

namespace fs = std::filesystem;

Task<Response> echo(Request const& request) {
    Response response;
    response.status = 201;
    response.body = request.verb + " " + request.target + " " + request.body + " " + request.peer;
    co_return response;
}

Response refuse(Request const&, int status, std::string const&) {
    Response response;
    response.status = status;
    return response;
}

Server serve(fs::path const& socket) {
    ServerRules rules;
    rules.socket = socket;
    rules.threads = 1;
    return {rules, echo, refuse};
}

std::string asked(fs::path const& socket) {
    Request request;
    request.verb = "POST";
    request.target = "/user/list";
    request.body = "{}";
    auto const reply = ask(socket, request);
    return reply ? std::to_string(reply->status) + " " + std::get<std::string>(reply->body) : "nobody";
}

TEST(UnixSocket, AServerAnswersOnItAndItsClientsAreOnThisMachine) {
    Folder const folder;
    auto const socket = folder.path() / "s.sock";
    EXPECT_EQ(asked(socket), "nobody");
    auto server = serve(socket);
    server.start();
    EXPECT_EQ(asked(socket), "201 POST /user/list {} 127.0.0.1");
    server.stop();
    EXPECT_FALSE(fs::exists(socket));
    EXPECT_EQ(asked(socket), "nobody");
}

TEST(UnixSocket, OnlyItsOwnerMayConnect) {
    Folder const folder;
    auto const server = serve(folder.path() / "s.sock");
    struct stat status{};
    ASSERT_EQ(stat((folder.path() / "s.sock").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600U);
}

TEST(UnixSocket, APathMayBeLongerThanAnAddressHolds) {
    Folder const folder;
    auto const deep = folder.path() / std::string(100, 'a') / std::string(100, 'b');
    fs::create_directories(deep);
    auto server = serve(deep / "s.sock");
    server.start();
    EXPECT_EQ(asked(deep / "s.sock"), "201 POST /user/list {} 127.0.0.1");
    server.stop();
}

TEST(UnixSocket, OneThatADeadServerLeftIsTakenAndALivingOneIsNot) {
    Folder const folder;
    auto const socket = folder.path() / "s.sock";
    boost::asio::io_context context;
    listen_on(context, socket).close();
    ASSERT_TRUE(fs::exists(socket));
    auto server = serve(socket);
    server.start();
    EXPECT_THROW(serve(socket), std::runtime_error);
    EXPECT_EQ(asked(socket), "201 POST /user/list {} 127.0.0.1");
    server.stop();
}

TEST(UnixSocket, WhatIsNoSocketIsNotTouched) {
    Folder const folder;
    folder.write("s.sock", "a file");
    EXPECT_EQ(asked(folder.path() / "s.sock"), "nobody");
    try {
        serve(folder.path() / "s.sock");
        ADD_FAILURE() << "it is served";
    } catch (std::runtime_error const& error) {
        EXPECT_TRUE(std::string_view{error.what()}.ends_with(
            "s.sock: Address already in use\n  hint: may this program write to the folder?"))
            << error.what();
    }
    EXPECT_TRUE(fs::is_regular_file(folder.path() / "s.sock"));
}

}  // namespace
}  // namespace sallyport::http
