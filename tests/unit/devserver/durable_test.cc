// The data file: what was acknowledged is there after kill -9 at any moment, and after a clean stop.
// Needs the environment variable KALAM_DEVSERVER: the program to start.
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <set>
#include <thread>
#include <tuple>

#include "check.h"
#include "server_fixture.h"

using namespace kalam::devserver::test;

namespace {

class DataFile {
 public:
    DataFile() { CHECK(mkdtemp(folder_) != nullptr); }
    ~DataFile() {
        for (const char *suffix : {"", "-wal", "-shm"}) unlink((path() + suffix).c_str());
        rmdir(folder_);
    }
    std::string path() const { return std::string(folder_) + "/data"; }

 private:
    char folder_[32] = "/tmp/kalam-data-XXXXXX";
};

// Starts the program on a data file; returns its process id and the first line it prints (empty: it ended).
std::pair<pid_t, std::string> Launch(const std::string &data) {
    const char *program = std::getenv("KALAM_DEVSERVER");
    CHECK(program != nullptr);
    int out[2];
    CHECK_EQ(pipe2(out, O_CLOEXEC), 0);
    const pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        dup2(out[1], STDOUT_FILENO);
        execl(program, program, "--listen", "127.0.0.1:0", "--token", "Bearer test-token", "--data",
              data.c_str(), static_cast<char *>(nullptr));
        _exit(127);
    }
    close(out[1]);
    FILE *stream = fdopen(out[0], "r");
    char line[256] = "";
    if (std::fgets(line, sizeof line, stream) == nullptr) line[0] = '\0';
    std::fclose(stream);
    return {pid, line};
}

// The program, listening; killed when it is still there at the end.
class Program {
 public:
    explicit Program(const std::string &data) {
        std::string line;
        std::tie(pid_, line) = Launch(data);
        CHECK(line.starts_with("listening on "));
        address_ = line.substr(13, line.size() - 14);
    }
    ~Program() {
        if (pid_ > 0) End(SIGKILL);
    }
    Program(const Program &) = delete;
    Program &operator=(const Program &) = delete;

    const std::string &address() const { return address_; }
    // Sends the signal; returns the wait status.
    int End(int signal) {
        int status = 0;
        kill(pid_, signal);
        waitpid(pid_, &status, 0);
        pid_ = -1;
        return status;
    }

 private:
    pid_t pid_ = -1;
    std::string address_;
};

}  // namespace

TEST(a_clean_stop_keeps_everything) {
    const DataFile file;
    {
        Program program(file.path());
        Client client(program.address());
        CHECK(client.Prepare().ok());
        CHECK(client.Insert({Client::Row(1), Client::Row(2)}).ok());
        CHECK(client.Sql("UPDATE app.t SET a = 'changed' WHERE id = 1").ok());
        CHECK(client.Sql("DELETE FROM app.t WHERE id = 2").ok());
        CHECK(client.Sql("ALTER TABLE app.t ADD COLUMN b TEXT NOT NULL DEFAULT 'd'").ok());
        const int status = program.End(SIGTERM);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    Program program(file.path());
    Client client(program.address());
    CHECK(client.Open("pg-1").ok());
    CHECK_EQ(client.Query("SELECT id FROM app.t WHERE a = 'changed' AND b = ''").second, "1 row(s)");
    CHECK_EQ(client.Query("SELECT id FROM app.t").second, "1 row(s)");
    CHECK_EQ(
        client.Query("SELECT version FROM system.tables WHERE namespace_id = 'app' AND version = 2 LIMIT 5")
            .second,
        "1 row(s)");
    CHECK(!client.Sql("CREATE NAMESPACE app").ok());
    CHECK(client.Sql("INSERT INTO app.t (id, a) VALUES (2, 'again')").ok());
}

TEST(a_second_server_cannot_use_the_file) {
    const DataFile file;
    Program first(file.path());
    // No `listening on` comes from it: it ends.
    const auto [pid, line] = Launch(file.path());
    CHECK_EQ(line, "");
    int status = 0;
    waitpid(pid, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

TEST(kill_9_loses_nothing_that_was_acknowledged) {
    const DataFile file;
    std::set<int> acknowledged;
    std::mt19937 random(20261124);
    int next = 0;
    {
        Program program(file.path());
        CHECK(Client(program.address()).Prepare().ok());
    }
    for (int round = 0; round < 5; ++round) {
        Program program(file.path());
        Client client(program.address());
        CHECK(client.Open("pg-1").ok());
        for (const int id : acknowledged) {
            if (random() % 20 != 0) continue;
            CHECK(client.Insert({Client::Row(id)}).error_message().find("already exists") !=
                  std::string::npos);
        }
        // Killed while the next request is under way: the killer waits for a number of answers, not for a time.
        const int answers = static_cast<int>(random() % 200);
        std::atomic<int> answered{0};
        std::thread killer([&program, &answered, answers] {
            for (int seen = answered.load(); seen < answers; seen = answered.load()) answered.wait(seen);
            program.End(SIGKILL);
        });
        while (client.Insert({Client::Row(next), Client::Row(next + 1)}).ok()) {
            acknowledged.insert({next, next + 1});
            next += 2;
            ++answered;
            answered.notify_one();
        }
        next += 2;
        killer.join();
    }
    Program program(file.path());
    Client client(program.address());
    CHECK(client.Open("pg-1").ok());
    CHECK(!acknowledged.empty());
    for (const int id : acknowledged) {
        CHECK_EQ(client.Query("SELECT id FROM app.t WHERE id = " + std::to_string(id)).second, "1 row(s)");
    }
    // A request that was not acknowledged is stored whole or not at all.
    CHECK_EQ(client.Query("SELECT count(*) AS n FROM app.t HAVING count(*) % 2 = 1").second, "0 row(s)");
}
