// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/unit/workload/run_task.h"
#include "tests/unit/workload/test_files.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include <memory>

using namespace poolscope;

namespace {

constexpr qsizetype kPiece = 128 * 1024; ///< how much the kernel reads at once

std::string joined(const std::vector<std::string>& paths)
{
    std::string lines;
    for (const std::string& path : paths) {
        lines += path + '\n';
    }
    return lines;
}

Result<std::shared_ptr<const Job>> plannedInput(const std::vector<std::string>& paths)
{
    return planned("hash_files", paramsOf({{"input", joined(paths)}}));
}

QByteArray pattern(qsizetype size)
{
    QByteArray bytes(size, '\0');
    for (qsizetype i = 0; i < size; ++i) {
        bytes[i] = static_cast<char>((i * 7 + i / 251) & 0xff);
    }
    return bytes;
}

} // namespace

class HashFilesTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void knownHashes_data();
    void knownHashes();
    void agreesWithSha256sum();
    void itemsAreSortedAndUnique();
    void listAddsFiles();
    void listMayNameWhatIsMissing();
    void nothingGivenIsAnError();
    void missingInputIsAnErrorThatNamesIt();
    void foldersWithoutFilesAreAnError();
    void vanishedFileFails();
    void unreadableItemFails_data();
    void unreadableItemFails();
    void stopsWhenAsked();
    void kindsAreTheMostFrequentSuffixes();
    void noOtherKindWithoutOtherFiles();
    void filesWithoutSuffixAreOther();

private:
    std::unique_ptr<TestFiles> m_files;
};

void HashFilesTest::init()
{
    m_files = std::make_unique<TestFiles>();
}

void HashFilesTest::knownHashes_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("hash");
    QTest::newRow("empty") << QByteArray()
                           << "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    QTest::newRow("abc") << QByteArray("abc")
                         << "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    QTest::newRow("a million a")
        << QByteArray(1'000'000, 'a')
        << "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
}

void HashFilesTest::knownHashes()
{
    QFETCH(const QByteArray, content);
    QFETCH(const QString, hash);
    m_files->write("file", content);
    const auto job = plannedInput({m_files->path("file")});
    QVERIFY(job);
    const Result<Value> result = runTask(*job.value(), 0);
    QVERIFY2(result, result ? "" : result.error().message.c_str());
    QCOMPARE(QString::fromStdString(toText(result.value())), hash);
}

void HashFilesTest::agreesWithSha256sum()
{
    const QString program = QStandardPaths::findExecutable("sha256sum");
    if (program.isEmpty()) {
        QSKIP("there is no sha256sum here");
    }
    for (const qsizetype size : {qsizetype{0}, qsizetype{1}, kPiece - 1, kPiece, kPiece + 1,
                                 2 * kPiece, 3 * kPiece + 17}) {
        m_files->write(QStringLiteral("sizes/%1.bin").arg(size), pattern(size));
    }
    m_files->write("name with blank", "x");
    m_files->write("ümläut/日本.txt", "y");
    m_files->link("sizes/1.bin", "link");

    const auto job = plannedInput({m_files->root()});
    QVERIFY(job);
    QStringList arguments{"--"};
    QString ours;
    for (std::uint64_t task = 0; task < job.value()->plan->taskCount; ++task) {
        const QString item = QString::fromStdString(job.value()->plan->items[task]);
        arguments.append(item);
        const Result<Value> result = runTask(*job.value(), task);
        QVERIFY2(result, result ? "" : result.error().message.c_str());
        ours += QString::fromStdString(toText(result.value())) + "  " + item + '\n';
    }
    QProcess sha256sum;
    sha256sum.start(program, arguments);
    QVERIFY(sha256sum.waitForFinished());
    QCOMPARE(sha256sum.exitCode(), 0);
    QCOMPARE(arguments.size(), 1 + 7 + 3);
    QCOMPARE(ours, QString::fromUtf8(sha256sum.readAllStandardOutput()));
}

void HashFilesTest::itemsAreSortedAndUnique()
{
    for (const char* name : {"c", "a", "b/z", "b/y"}) {
        m_files->write(name);
    }
    const auto job = plannedInput({m_files->path("c"), m_files->path("b"), m_files->root()});
    QVERIFY(job);
    const std::vector<std::string> expected{m_files->path("a"), m_files->path("b/y"),
                                            m_files->path("b/z"), m_files->path("c")};
    QVERIFY(job.value()->plan->items == expected);
    QCOMPARE(job.value()->plan->taskCount, std::uint64_t{4});
    QCOMPARE(taskName("hash_files", *job.value()->plan, 1), m_files->path("b/y"));
}

void HashFilesTest::listAddsFiles()
{
    m_files->write("a", "abc");
    m_files->write("b");
    m_files->write("list", QByteArray::fromStdString(joined(
                               {m_files->path("a"), m_files->path("b"), m_files->path("a")})));
    const auto job = planned(
        "hash_files", paramsOf({{"list", m_files->path("list")},
                                {"input", m_files->path("b") + '\n' + m_files->path("list")}}));
    QVERIFY(job);
    QVERIFY(
        job.value()->plan->items ==
        std::vector<std::string>({m_files->path("a"), m_files->path("b"), m_files->path("list")}));

    const auto listOnly = planned("hash_files", paramsOf({{"list", m_files->path("list")}}));
    QVERIFY(listOnly);
    QCOMPARE(listOnly.value()->plan->taskCount, std::uint64_t{2});
}

void HashFilesTest::listMayNameWhatIsMissing()
{
    m_files->write("list", QByteArray::fromStdString(m_files->path("missing")));
    const auto job = planned("hash_files", paramsOf({{"list", m_files->path("list")}}));
    QVERIFY(job);
    const Result<Value> result = runTask(*job.value(), 0);
    QVERIFY(!result);
    QCOMPARE(result.error().message,
             "cannot hash " + m_files->path("missing") + ": No such file or directory");
}

void HashFilesTest::nothingGivenIsAnError()
{
    const auto job = plannedInput({});
    QVERIFY(!job);
    QVERIFY(job.error().message.find("\"input\"") != std::string::npos);
    QVERIFY(job.error().message.find("\"list\"") != std::string::npos);
}

void HashFilesTest::missingInputIsAnErrorThatNamesIt()
{
    for (const char* parameter : {"input", "list"}) {
        const auto job = planned("hash_files", paramsOf({{parameter, m_files->path("missing")}}));
        QVERIFY(!job);
        QCOMPARE(job.error().message, "hash_files: cannot read " + m_files->path("missing") +
                                          ": No such file or directory");
    }
}

void HashFilesTest::foldersWithoutFilesAreAnError()
{
    const auto job = plannedInput({m_files->root()});
    QVERIFY(!job);
    QVERIFY(job.error().message.find("no files") != std::string::npos);
}

void HashFilesTest::vanishedFileFails()
{
    m_files->write("a", "abc");
    m_files->write("b", "abc");
    const auto job = plannedInput({m_files->root()});
    QVERIFY(job);
    QVERIFY(QFile::remove(QString::fromStdString(m_files->path("a"))));
    const Result<Value> vanished = runTask(*job.value(), 0);
    QVERIFY(!vanished);
    QCOMPARE(vanished.error().message,
             "cannot hash " + m_files->path("a") + ": No such file or directory");
    QVERIFY(runTask(*job.value(), 1));
}

void HashFilesTest::unreadableItemFails_data()
{
    QTest::addColumn<QString>("reason");
    QTest::newRow("folder") << "Is a directory";
    QTest::newRow("pipe") << "it is not a file";
    QTest::newRow("circle") << "Too many levels of symbolic links";
    QTest::newRow("broken") << "No such file or directory";
    QTest::newRow("file/below") << "Not a directory";
}

void HashFilesTest::unreadableItemFails()
{
    QFETCH(const QString, reason);
    const std::string item = m_files->path(QTest::currentDataTag());
    m_files->write("file");
    m_files->makeFolder("folder");
    m_files->makePipe("pipe");
    m_files->link("circle", "circle");
    m_files->link("missing", "broken");
    m_files->write("list", QByteArray::fromStdString(item));
    const auto job = planned("hash_files", paramsOf({{"list", m_files->path("list")}}));
    QVERIFY(job);
    const Result<Value> result = runTask(*job.value(), 0);
    QVERIFY(!result);
    QCOMPARE(result.error().message, "cannot hash " + item + ": " + reason.toStdString());
}

void HashFilesTest::stopsWhenAsked()
{
    m_files->write("large", pattern(2 * kPiece));
    const auto job = plannedInput({m_files->path("large")});
    QVERIFY(job);
    StopFlag stop;
    stop.request();
    const Result<Value> result = runTask(*job.value(), 0, stop);
    QVERIFY(!result);
    QCOMPARE(result.error().message, std::string("cancelled"));
}

void HashFilesTest::kindsAreTheMostFrequentSuffixes()
{
    const QStringList suffixes{"aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh", "ii"};
    for (const QString& suffix : suffixes) {
        m_files->write("1." + suffix);
    }
    m_files->write("2.II");
    m_files->write("3.ii");
    m_files->write("2.hh");
    const auto job = plannedInput({m_files->root()});
    QVERIFY(job);
    const JobPlan& plan = *job.value()->plan;
    QVERIFY(plan.kinds ==
            std::vector<std::string>({"ii", "hh", "aa", "bb", "cc", "dd", "ee", "other"}));
    std::string kinds;
    for (std::uint64_t task = 0; task < plan.taskCount; ++task) {
        kinds += plan.kinds[plan.kind(task)] + ' ';
    }
    QCOMPARE(kinds, std::string("aa bb cc dd ee other other hh ii ii hh ii "));
}

void HashFilesTest::noOtherKindWithoutOtherFiles()
{
    m_files->write("a.txt");
    m_files->write("b.txt");
    m_files->write("c.png");
    const auto job = plannedInput({m_files->root()});
    QVERIFY(job);
    QVERIFY(job.value()->plan->kinds == std::vector<std::string>({"txt", "png"}));
}

void HashFilesTest::filesWithoutSuffixAreOther()
{
    m_files->write("Makefile");
    const auto job = plannedInput({m_files->path("Makefile")});
    QVERIFY(job);
    QVERIFY(job.value()->plan->kinds == std::vector<std::string>({"other"}));
    QCOMPARE(job.value()->plan->kind(0), std::uint8_t{0});
}

QTEST_GUILESS_MAIN(HashFilesTest)
#include "tst_hash_files.moc"
