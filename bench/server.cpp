// The bench app with all limits lifted and its codes thrown away, for the login storm: bench_server FOLDER PORT
#include "sallyport/app.hpp"
#include "sallyport/testing.hpp"

#include <iostream>
#include <string>

namespace {

class NowhereSender final : public sallyport::Sender {
public:
    sallyport::Task<> send(sallyport::Message) override { co_return; }
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: bench_server FOLDER PORT\n";
        return 2;
    }
    try {
        sallyport::App app{
            argv[1],
            {.host = "127.0.0.1", .port = std::stoi(argv[2]), .environment = {}, .make_keys = true, .clock = {}}};
        app.set_sender("console", std::make_shared<NowhereSender>());
        sallyport::test_support::lift_limits(app);
        return app.run();
    } catch (std::exception const& error) {
        std::cerr << "bench_server: " << error.what() << '\n';
        return 1;
    }
}
