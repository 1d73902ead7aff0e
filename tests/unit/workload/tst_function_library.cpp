// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/task/poolscope_task.h"
#include "core/workload/catalogue.h"
#include "core/workload/function_library.h"
#include "core/workload/function_probe.h"
#include "tests/support/functions/function_files.h"
#include "tests/unit/workload/run_task.h"
#include "tests/unit/workload/test_files.h"

#include <QTest>

#include <thread>

using namespace poolscope;
using namespace poolscope::test;

/// Opens real libraries, good ones and broken ones, and calls what is in them.
class FunctionLibraryTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void functionsBecomeWorkloads();
    void functionGetsItsParameters();
    void resultComesBack();
    void failureComesBack_data();
    void failureComesBack();
    void functionSaysHowFarItIs();
    void stoppedFunctionWasCancelled();
    void plannerSaysTheNumberOfTasks();
    void catalogueHoldsBuiltInWorkloadsFirst();
    void sameFileIsAddedOnce();
    void copyOfALibraryIsRefused();
    void otherFileHasAnotherHash();
    void newerCatalogueLeavesTheOlderValid();
    void brokenLibraryIsRefused_data();
    void brokenLibraryIsRefused();
    void whatIsNoLibraryIsRefused_data();
    void whatIsNoLibraryIsRefused();
    void probeTellsWhatOpeningDoes_data();
    void probeTellsWhatOpeningDoes();
    void probeTellsOfAFileCutShort();
    void probeWithoutAWorkerProgramProvesNothing();

private:
    [[nodiscard]] std::shared_ptr<const Job> job(const char* id, const ParamSet& params = {}) const;

    Catalogue m_catalogue;
};

namespace {

std::string goodFile()
{
    return functionFile("good").toStdString();
}

std::string workerProgram()
{
    return qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR").toStdString() + "/poolscope-worker";
}

bool contains(const Error& error, const QString& text)
{
    return QString::fromStdString(error.message).contains(text);
}

} // namespace

void FunctionLibraryTest::initTestCase()
{
    const Result<void> added = m_catalogue.addLibrary(goodFile());
    QVERIFY2(added, added ? "" : added.error().message.c_str());
}

std::shared_ptr<const Job> FunctionLibraryTest::job(const char* id, const ParamSet& params) const
{
    auto planned = planJob(*m_catalogue.find(id), params, 5);
    if (!planned) {
        qFatal("%s", planned.error().message.c_str());
    }
    return std::move(planned).value();
}

void FunctionLibraryTest::functionsBecomeWorkloads()
{
    const Workload* echo = m_catalogue.find("test.echo");
    QVERIFY(echo != nullptr);
    QCOMPARE(echo->title, std::string("Echo"));
    QCOMPARE(echo->summary, std::string("Gives back all that it gets."));
    QCOMPARE(QFileInfo(QString::fromStdString(echo->library)), QFileInfo(functionFile("good")));
    QStringList params;
    for (const ParamSpec& spec : echo->params) {
        params << QString::fromStdString(spec.id + '=' + toText(spec.defaultValue));
    }
    QCOMPARE(params, QStringList({"tasks=100", "count=3", "size=0.5", "name=nobody",
                                  "files=", "way=second"}));
    const ParamSpec& count = echo->params[1];
    QCOMPARE(count.label, std::string("Count"));
    QCOMPARE(count.help, std::string("How many."));
    QCOMPARE(count.unit, std::string("pieces"));
    QCOMPARE(count.minimum, 1.0);
    QCOMPARE(count.maximum, 10.0);
    QCOMPARE(echo->params[2].label, std::string("size"));
    QCOMPARE(echo->params[5].choices[0].label, std::string("The first way"));
    QCOMPARE(echo->params[5].choices[1].label, std::string("second"));
    QCOMPARE(m_catalogue.find("test.twice")->title, std::string("twice"));
}

void FunctionLibraryTest::functionGetsItsParameters()
{
    const ParamSet params = paramsOf({{"tasks", std::int64_t{9}},
                                      {"count", std::int64_t{10}},
                                      {"size", 0.25},
                                      {"name", std::string("me")},
                                      {"files", std::string("a\nb")},
                                      {"way", std::string("first")}});
    const Result<Value> given = runTask(*job("test.echo", params), 8);
    QVERIFY(given);
    QVERIFY(given.value() == Value{std::string("10 0.250000 me a\nb first 8 5")});
}

void FunctionLibraryTest::resultComesBack()
{
    QVERIFY(runTask(*job("test.twice"), 21).value() == Value{std::int64_t{42}});
    QVERIFY(runTask(*job("test.half"), 5).value() == Value{2.5});
    QVERIFY(runTask(*job("test.nothing"), 5).value() == Value{});
}

void FunctionLibraryTest::failureComesBack_data()
{
    QTest::addColumn<QString>("says");
    QTest::newRow("test.fails") << "failed on purpose";
    QTest::newRow("test.asks_wrongly") << "integer parameter \"nobody\"";
}

void FunctionLibraryTest::failureComesBack()
{
    QFETCH(QString, says);
    const Result<Value> given = runTask(*job(QTest::currentDataTag()), 0);
    QVERIFY(!given);
    QVERIFY2(contains(given.error(), says), given.error().message.c_str());
    QVERIFY(!contains(given.error(), "once more"));
}

void FunctionLibraryTest::functionSaysHowFarItIs()
{
    ProgressNote note;
    const ProgressScope scope(&note);
    QVERIFY(runTask(*job("test.twice"), 1));
    QVERIFY(!note.read());
    QVERIFY(runTask(*job("test.half"), 1));
    QCOMPARE(note.read(), (Progress{0.5, "half"}));
}

void FunctionLibraryTest::stoppedFunctionWasCancelled()
{
    const auto endless = job("test.until_stopped");
    StopFlag stop;
    std::jthread stopper([&stop] { stop.request(); });
    const Result<Value> given = runTask(*endless, 0, stop);
    QVERIFY(!given);
    QCOMPARE(given.error().message, std::string("cancelled"));
}

void FunctionLibraryTest::plannerSaysTheNumberOfTasks()
{
    QCOMPARE(job("test.twice")->plan->taskCount, std::uint64_t{100});
    QCOMPARE(job("test.planned")->plan->taskCount, std::uint64_t{8});
    const Workload& planned = *m_catalogue.find("test.planned");
    QCOMPARE(planned.params.size(), std::size_t{1}); // and no "tasks"
    for (const auto& [rows, says] :
         {std::pair{13, "13 rows bring bad luck"}, {14, "14 rows throw"}}) {
        const auto refused = planJob(planned, paramsOf({{"rows", std::int64_t{rows}}}), 1);
        QVERIFY(!refused);
        QVERIFY2(contains(refused.error(), says), refused.error().message.c_str());
    }
}

void FunctionLibraryTest::catalogueHoldsBuiltInWorkloadsFirst()
{
    const Catalogue builtIn;
    for (std::size_t i = 0; i < builtIn.workloads().size(); ++i) {
        QCOMPARE(m_catalogue.workloads()[i].id, builtIn.workloads()[i].id);
        QVERIFY(m_catalogue.workloads()[i].library.empty());
    }
    QVERIFY(builtIn.find("test.echo") == nullptr);
    QVERIFY(builtIn.libraries().empty());
    QVERIFY(m_catalogue.hash() != builtIn.hash());
}

void FunctionLibraryTest::sameFileIsAddedOnce()
{
    const TestFiles files;
    files.link(functionFile("good"), "link.so");
    Catalogue catalogue = m_catalogue;
    QVERIFY(catalogue.addLibrary(files.path("link.so")));
    QCOMPARE(catalogue.workloads().size(), m_catalogue.workloads().size());
    QCOMPARE(catalogue.libraries().size(), std::size_t{1});
    QCOMPARE(catalogue.hash(), m_catalogue.hash());
}

void FunctionLibraryTest::copyOfALibraryIsRefused()
{
    const TestFiles files;
    QVERIFY(QFile::copy(functionFile("good"), files.folder() + "/copy.so"));
    Catalogue catalogue = m_catalogue;
    const Result<void> added = catalogue.addLibrary(files.path("copy.so"));
    QVERIFY(!added);
    for (const char* part : {"copy.so", "test.echo", "good.so", "another id"}) {
        QVERIFY2(contains(added.error(), part), added.error().message.c_str());
    }
    QCOMPARE(catalogue.workloads().size(), m_catalogue.workloads().size());
    QCOMPARE(catalogue.hash(), m_catalogue.hash());
}

void FunctionLibraryTest::otherFileHasAnotherHash()
{
    const TestFiles files;
    QVERIFY(QFile::copy(functionFile("good"), files.folder() + "/copy.so"));
    Catalogue other;
    QVERIFY(other.addLibrary(files.path("copy.so")));
    QCOMPARE(other.workloads().size(), m_catalogue.workloads().size());
    QVERIFY(other.hash() != m_catalogue.hash());
}

void FunctionLibraryTest::newerCatalogueLeavesTheOlderValid()
{
    const Workload* square = findWorkload("square");
    const std::uint64_t hash = catalogueHash();
    QVERIFY(findWorkload("test.echo") == nullptr);
    setCatalogue(m_catalogue);
    QVERIFY(findWorkload("test.echo") != nullptr);
    QCOMPARE(catalogueHash(), m_catalogue.hash());
    QCOMPARE(workloads().size(), m_catalogue.workloads().size());
    QCOMPARE(square->id, std::string("square"));
    setCatalogue(Catalogue());
    QCOMPARE(catalogueHash(), hash);
}

void FunctionLibraryTest::brokenLibraryIsRefused_data()
{
    QTest::addColumn<QStringList>("says");
    QTest::newRow("no_entry_point") << QStringList{"poolscope_functions()", "poolscope_task.h"};
    QTest::newRow("null_description") << QStringList{"returns null"};
    QTest::newRow("other_version")
        << QStringList{QString("version %1 ").arg(POOLSCOPE_TASK_VERSION + 1),
                       QString("version %1").arg(POOLSCOPE_TASK_VERSION), "Build it again"};
    QTest::newRow("malformed") << QStringList{"function \"function\"", "parameter \"size\"",
                                              "default", "from 0 to 1"};
    QTest::newRow("missing_symbol") << QStringList{"poolscope_test_defined_nowhere"};
}

void FunctionLibraryTest::brokenLibraryIsRefused()
{
    QFETCH(QStringList, says);
    const QString file = functionFile(QTest::currentDataTag());
    Catalogue catalogue;
    const Result<void> added = catalogue.addLibrary(file.toStdString());
    QVERIFY(!added);
    for (const QString& part : says << file) {
        QVERIFY2(contains(added.error(), part), added.error().message.c_str());
    }
    QCOMPARE(catalogue.hash(), Catalogue().hash());
}

void FunctionLibraryTest::whatIsNoLibraryIsRefused_data()
{
    QTest::addColumn<QString>("says");
    QTest::newRow("nowhere.so") << "No such file";
    QTest::newRow("text.so") << "invalid ELF header";
    QTest::newRow("empty.so") << "file too short";
    QTest::newRow("folder.so") << "no file";
    QTest::newRow("pipe.so") << "no file";
    QTest::newRow("") << "no file";
}

void FunctionLibraryTest::whatIsNoLibraryIsRefused()
{
    QFETCH(QString, says);
    const TestFiles files;
    files.write("text.so", QByteArray("int main() { return 0; }\n").repeated(100));
    files.write("empty.so");
    files.makeFolder("folder.so");
    files.makePipe("pipe.so");
    const std::string path = files.path(QTest::currentDataTag());
    const Result<FunctionLibrary> opened = openFunctionLibrary(path);
    QVERIFY(!opened);
    QVERIFY2(contains(opened.error(), says), opened.error().message.c_str());
    QVERIFY2(contains(opened.error(), QString::fromStdString(path)),
             opened.error().message.c_str());
}

void FunctionLibraryTest::probeTellsWhatOpeningDoes_data()
{
    QTest::addColumn<QString>("says");
    QTest::newRow("crash_on_open") << "crashed: signal 6";
    // With what status is the sanitizers' to say, where they look at what a process leaves behind.
    QTest::newRow("exit_on_open") << "ended the process, with status ";
    QTest::newRow("malformed") << "";
    QTest::newRow("good") << "";
}

void FunctionLibraryTest::probeTellsWhatOpeningDoes()
{
    QFETCH(QString, says);
    const QString file = functionFile(QTest::currentDataTag());
    const Result<void> probed = probeFunctionLibrary(workerProgram(), file.toStdString());
    QCOMPARE(probed.isOk(), says.isEmpty());
    if (!probed) {
        QVERIFY2(contains(probed.error(), says), probed.error().message.c_str());
        QVERIFY2(contains(probed.error(), file), probed.error().message.c_str());
    }
}

/// Opening it ends with a signal inside the system's loader.
void FunctionLibraryTest::probeTellsOfAFileCutShort()
{
    const TestFiles files;
    QFile good(functionFile("good"));
    QVERIFY(good.open(QFile::ReadOnly));
    files.write("half.so", good.read(good.size() / 8));
    const Result<void> probed = probeFunctionLibrary(workerProgram(), files.path("half.so"));
    QVERIFY(!probed);
    // A sanitizer in that process makes an exit of it.
    QVERIFY2(contains(probed.error(), "crashed: signal") ||
                 contains(probed.error(), "ended the process"),
             probed.error().message.c_str());
}

void FunctionLibraryTest::probeWithoutAWorkerProgramProvesNothing()
{
    QVERIFY(probeFunctionLibrary("/nowhere/poolscope-worker",
                                 functionFile("crash_on_open").toStdString()));
}

QTEST_GUILESS_MAIN(FunctionLibraryTest)
#include "tst_function_library.moc"
