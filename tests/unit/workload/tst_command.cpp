// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/workload/run_task.h"
#include "tests/unit/workload/test_files.h"

#include <QTest>

#include <thread>

using namespace poolscope;

Q_DECLARE_METATYPE(poolscope::ParamSet)

namespace {

Result<std::shared_ptr<const Job>> plannedCommand(const std::string& command, const ParamSet& more)
{
    ParamSet params = more;
    params.set("command", command);
    return planned("command", params);
}

/// \return the error of the first task.
QByteArray errorOf(const std::string& command,
                   const ParamSet& more = paramsOf({{"items", std::string("x")}}))
{
    const auto job = plannedCommand(command, more);
    if (!job) {
        return QByteArray::fromStdString(job.error().message);
    }
    const Result<Value> result = runTask(*job.value(), 0);
    return result ? QByteArray() : QByteArray::fromStdString(result.error().message);
}

std::string textOf(const Job& job, std::uint64_t task)
{
    const Result<Value> result = runTask(job, task);
    return result ? std::get<std::string>(result.value()) : "error: " + result.error().message;
}

} // namespace

class CommandTest : public QObject
{
    Q_OBJECT

private slots:
    void planSaysWhatIsMissing_data();
    void planSaysWhatIsMissing();
    void everyItemIsATask();
    void inputFilesAreItems();
    void resultHasUsageAndOutput();
    void longOutputIsCutWithANote();
    void failureIsExplained_data();
    void failureIsExplained();
    void hangIsATimeout();
    void stoppedTaskIsCancelled();
    void longCommandLineIsShortened();
    void shellRunsPipes();
    void environmentAndFolderApply();
    void outputsAreKeptPerTask();
    void usedOutputFolderIsRefused();
    void runsTwiceOnlyWhenAllowed();

private:
    TestFiles m_files;
};

void CommandTest::planSaysWhatIsMissing_data()
{
    QTest::addColumn<ParamSet>("params");
    QTest::addColumn<QByteArray>("said");
    const auto row =
        [](const char* name, std::initializer_list<std::pair<const char*, ParamValue>> params,
           const char* said) { QTest::newRow(name) << paramsOf(params) << QByteArray(said); };
    row("nothing", {}, "\"items\"");
    row("no items", {{"command", std::string("echo")}}, "\"input\"");
    row("no command", {{"items", std::string("1..3")}}, "\"command\"");
    row("open quote", {{"command", std::string("echo 'a")}, {"items", std::string("x")}},
        "not closed");
    row("place in a script's quotes",
        {{"command", std::string("echo '{}'")},
         {"shell", std::string("sh")},
         {"items", std::string("x")}},
        "leave the quotes away");
    row("no match", {{"command", std::string("echo")}, {"items", std::string("/nowhere/*")}},
        "no file matches");
    row("no folder",
        {{"command", std::string("echo")},
         {"items", std::string("x")},
         {"folder", std::string("/nowhere")}},
        "no folder /nowhere");
    row("environment",
        {{"command", std::string("echo")},
         {"items", std::string("x")},
         {"environment", std::string("A=1\nB")}},
        "\"B\"");
    row("no such input", {{"command", std::string("echo")}, {"input", std::string("/nowhere")}},
        "/nowhere");
    row("outputs twice",
        {{"command", std::string("echo")},
         {"items", std::string("x")},
         {"keep_output", std::string("/nowhere/out")},
         {"repeat", std::string("any")}},
        "\"repeat\"");
    row("output folder",
        {{"command", std::string("echo")},
         {"items", std::string("x")},
         {"keep_output", std::string("/nowhere/out")}},
        "/nowhere/out");
}

void CommandTest::planSaysWhatIsMissing()
{
    QFETCH(const ParamSet, params);
    QFETCH(const QByteArray, said);
    const auto job = planned("command", params);
    QVERIFY(!job);
    QVERIFY2(job.error().message.find(said.toStdString()) != std::string::npos,
             job.error().message.c_str());
}

void CommandTest::everyItemIsATask()
{
    const auto job =
        plannedCommand("/bin/echo -n {#}={}", paramsOf({{"items", std::string("a\n5..6")}}));
    QVERIFY2(job, job ? "" : job.error().message.c_str());
    const JobPlan& plan = *job.value()->plan;
    QCOMPARE(plan.taskCount, std::uint64_t{3});
    QVERIFY((plan.items == std::vector<std::string>{"a", "5", "6"}));
    QVERIFY(plan.kinds == std::vector<std::string>{"echo"});
    QVERIFY(textOf(*job.value(), 0).ends_with("\n1=a"));
    QVERIFY(textOf(*job.value(), 2).ends_with("\n3=6"));
}

void CommandTest::inputFilesAreItems()
{
    m_files.write("in/b");
    m_files.write("in/deep/a");
    const auto job = plannedCommand("echo", paramsOf({{"input", std::string("in")},
                                                      {"items", std::string("first")},
                                                      {"folder", m_files.root()}}));
    QVERIFY2(job, job ? "" : job.error().message.c_str());
    QVERIFY((job.value()->plan->items == std::vector<std::string>{"first", "in/b", "in/deep/a"}));
}

void CommandTest::resultHasUsageAndOutput()
{
    const auto job =
        plannedCommand("printf 'one\\ntwo\\n\\n'", paramsOf({{"items", std::string("x")}}));
    const std::string text = textOf(*job.value(), 0);
    QVERIFY2(text.starts_with("exit 0, CPU "), text.c_str());
    QVERIFY2(text.find(", peak ") != std::string::npos, text.c_str());
    QVERIFY2(text.ends_with("\none\ntwo"), text.c_str());
}

void CommandTest::longOutputIsCutWithANote()
{
    const auto job =
        plannedCommand("head -c 10000 /dev/zero",
                       paramsOf({{"items", std::string("-q")}, {"output_limit", std::int64_t{1}}}));
    const std::string text = textOf(*job.value(), 0);
    QVERIFY2(text.find("first 1.0 KiB of 9.8 KiB output\n") != std::string::npos, text.c_str());
    QVERIFY(text.ends_with(std::string(1024, '\0')));
    QVERIFY(text.size() < 1200);
}

void CommandTest::failureIsExplained_data()
{
    QTest::addColumn<QByteArray>("command");
    QTest::addColumn<QByteArray>("error");
    const auto row = [](const char* command, const char* error) {
        QTest::newRow(command) << QByteArray(command) << QByteArray(error);
    };
    row("sh -c 'echo out; echo why >&2; exit 3' {}",
        "sh -c 'echo out; echo why >&2; exit 3' x: exit status 3\nwhy");
    row("sh -c 'echo only out; exit 1' {}",
        "sh -c 'echo only out; exit 1' x: exit status 1\n"
        "(nothing on standard error; standard output ends with)\nonly out");
    row("sh -c 'kill -KILL $$' {}", "sh -c 'kill -KILL $$' x: killed by SIGKILL (Killed)");
    row("false", "false x: exit status 1");
    row("sh -c 'seq 100 >&2; exit 9' {}",
        "sh -c 'seq 100 >&2; exit 9' x: exit status 9\n91\n92\n93\n94\n95\n96\n97\n98\n99\n100");
    row("/nowhere/tool {}",
        "/nowhere/tool x: cannot be started: '/nowhere/tool': No such file or directory");
}

void CommandTest::failureIsExplained()
{
    QFETCH(const QByteArray, command);
    QTEST(errorOf(command.toStdString()), "error");
}

void CommandTest::hangIsATimeout()
{
    const QByteArray error =
        errorOf("sleep 1000 {}", paramsOf({{"items", std::string("1")}, {"timeout", 0.2}}));
    QCOMPARE(error,
             QByteArray("sleep 1000 1: timed out after 200 ms, ended by SIGTERM (Terminated)"));
}

void CommandTest::stoppedTaskIsCancelled()
{
    const auto job = plannedCommand("sleep", paramsOf({{"items", std::string("1000")}}));
    StopFlag stop;
    stop.request();
    const Result<Value> result = runTask(*job.value(), 0, stop);
    QVERIFY(!result);
    QVERIFY2(result.error().message.find("cancelled") != std::string::npos,
             result.error().message.c_str());
}

void CommandTest::longCommandLineIsShortened()
{
    const std::string longItem(5000, 'x');
    const QByteArray error = errorOf("false", paramsOf({{"items", longItem}}));
    QVERIFY(error.startsWith("false xxx"));
    QVERIFY(error.contains(" … "));
    QVERIFY(error.endsWith(": exit status 1"));
    QVERIFY(error.size() < 400);
}

void CommandTest::shellRunsPipes()
{
    const auto job =
        plannedCommand("printf %s {} | tr a-z A-Z; exit $((1 - 1))",
                       paramsOf({{"items", std::string("it's")}, {"shell", std::string("sh")}}));
    QVERIFY2(job, job ? "" : job.error().message.c_str());
    QVERIFY(job.value()->plan->kinds == std::vector<std::string>{"sh"});
    QVERIFY2(textOf(*job.value(), 0).ends_with("\nIT'S"), textOf(*job.value(), 0).c_str());
}

void CommandTest::environmentAndFolderApply()
{
    m_files.write("there/file.txt", "content");
    const auto job =
        plannedCommand("sh -c 'echo $GREETING $(cat \"$0\")' {}",
                       paramsOf({{"items", std::string("*.txt")},
                                 {"folder", m_files.path("there")},
                                 {"environment", std::string("GREETING=hello there")}}));
    QVERIFY2(job, job ? "" : job.error().message.c_str());
    QVERIFY((job.value()->plan->items == std::vector<std::string>{"file.txt"}));
    const std::string text = textOf(*job.value(), 0);
    QVERIFY2(text.ends_with("\nhello there content"), text.c_str());
}

void CommandTest::outputsAreKeptPerTask()
{
    const auto job = plannedCommand("sh -c 'echo out $0; echo err $0 >&2' {}",
                                    paramsOf({{"items", std::string("a\nb")},
                                              {"folder", m_files.root()},
                                              {"keep_output", std::string("kept")}}));
    QVERIFY2(job, job ? "" : job.error().message.c_str());
    QVERIFY(textOf(*job.value(), 0).ends_with("\nout a"));
    QVERIFY(textOf(*job.value(), 1).ends_with("\nout b"));
    const auto content = [this](const char* name) {
        QFile file(QString::fromStdString(m_files.path(QString("kept/") + name)));
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray("cannot be read");
    };
    QCOMPARE(content("000001.out"), QByteArray("out a\n"));
    QCOMPARE(content("000001.err"), QByteArray("err a\n"));
    QCOMPARE(content("000002.out"), QByteArray("out b\n"));
}

void CommandTest::usedOutputFolderIsRefused()
{
    m_files.write("used/older.out", "x");
    const QByteArray error = errorOf(
        "echo", paramsOf({{"items", std::string("x")}, {"keep_output", m_files.path("used")}}));
    QVERIFY2(error.contains("is not empty"), error.constData());
}

void CommandTest::runsTwiceOnlyWhenAllowed()
{
    const Workload& workload = *findWorkload("command");
    QVERIFY(!mayRunTwice(workload, defaultParams(workload.params)));
    const auto any = checkParams(workload.params, paramsOf({{"repeat", std::string("any")}}));
    QVERIFY(mayRunTwice(workload, any.value()));
    const Workload& square = *findWorkload("square");
    QVERIFY(mayRunTwice(square, defaultParams(square.params)));
}

QTEST_GUILESS_MAIN(CommandTest)
#include "tst_command.moc"
