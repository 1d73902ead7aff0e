// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

/// The installed package, as others use it: everything is built in a folder that knows nothing of this
/// repository.
class TestPackage : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void headerForFunctionsStandsAlone_data();
    void headerForFunctionsStandsAlone();
    void exampleOfTheManualCompiles();
    void exampleLibraryIsBuiltListedAndRun();
    void crashInTheExampleCostsOneTask();
    void engineIsLinkedAndRuns();
    void examplesOfTheEngineRun();

private:
    struct Ended
    {
        int status = -1;
        QByteArray out;
        QByteArray err;
    };
    static Ended call(const QString& program, const QStringList& words);
    void build(const QString& source, const QString& name);
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    [[nodiscard]] QString installed(const QString& name) const { return path("prefix/" + name); }
    [[nodiscard]] QString exampleLibrary() const { return path("example-build/example.so"); }

    QTemporaryDir m_folder;
};

TestPackage::Ended TestPackage::call(const QString& program, const QStringList& words)
{
    QProcess process;
    process.start(program, words);
    if (!process.waitForFinished(300'000)) {
        process.kill();
        process.waitForFinished();
        return {-1, process.readAllStandardOutput(), process.readAllStandardError()};
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

void TestPackage::initTestCase()
{
    QVERIFY(m_folder.isValid());
    const Ended ended =
        call(PACKAGE_CMAKE, {"--install", PACKAGE_BUILD_DIR, "--prefix", path("prefix")});
    QVERIFY2(ended.status == 0, ended.err.constData());
}

/// Copies the folder \p source and builds it against the installed package, as <name>-build.
void TestPackage::build(const QString& source, const QString& name)
{
    QVERIFY(QDir().mkpath(path(name)));
    const QDir from(QStringLiteral(PACKAGE_SOURCE_DIR) + '/' + source);
    for (const QString& file : from.entryList(QDir::Files)) {
        QVERIFY(QFile::copy(from.filePath(file), path(name) + '/' + file));
    }
    const Ended configured =
        call(PACKAGE_CMAKE,
             {"-S", path(name), "-B", path(name + "-build"), "-G", PACKAGE_GENERATOR,
              QStringLiteral("-DCMAKE_CXX_COMPILER=") + PACKAGE_CXX_COMPILER,
              "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", "-DCMAKE_CXX_FLAGS=-Wall -Wextra",
              "-DCMAKE_C_FLAGS=-Wall -Wextra -Wpedantic", "-DCMAKE_COMPILE_WARNING_AS_ERROR=ON",
              "-DCMAKE_PREFIX_PATH=" + path("prefix")});
    QVERIFY2(configured.status == 0, configured.err.constData());
    const Ended built = call(PACKAGE_CMAKE, {"--build", path(name + "-build")});
    QVERIFY2(built.status == 0, (built.out + built.err).constData());
    QFile commands(path(name + "-build/compile_commands.json"));
    QVERIFY(commands.open(QFile::ReadOnly));
    const QByteArray said = commands.readAll();
    QVERIFY(said.contains(path("prefix").toUtf8()));
    QVERIFY(!said.contains(QByteArray("-I" PACKAGE_SOURCE_DIR)));
    QVERIFY(!said.contains(QByteArray("-isystem " PACKAGE_SOURCE_DIR)));
}

void TestPackage::headerForFunctionsStandsAlone_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QStringList>("words");
    QTest::newRow("C99") << "mine.c" << QStringList{"-x", "c", "-std=c99"};
    QTest::newRow("C++98") << "mine.cpp" << QStringList{"-std=c++98", "-Wno-long-long"};
    QTest::newRow("C++20") << "mine.cpp" << QStringList{"-std=c++20"};
}

void TestPackage::headerForFunctionsStandsAlone()
{
    QFETCH(QString, file);
    QFETCH(QStringList, words);
    QFile source(path(file));
    QVERIFY(source.open(QFile::WriteOnly));
    source.write("#include <poolscope_task.h>\n"
                 "const poolscope_library* poolscope_functions(void) { return 0; }\n");
    source.close();
    const Ended ended =
        call(PACKAGE_CXX_COMPILER,
             words + QStringList{"-Wall", "-Wextra", "-pedantic-errors", "-Werror", "-fsyntax-only",
                                 "-I", installed("include"), path(file)});
    QVERIFY2(ended.status == 0, ended.err.constData());
}

void TestPackage::exampleOfTheManualCompiles()
{
    QFile manual(QStringLiteral(PACKAGE_SOURCE_DIR "/docs/manual.md"));
    QVERIFY(manual.open(QFile::ReadOnly));
    const QByteArray text = manual.readAll();
    const QByteArray opening("```c\n");
    const qsizetype begin = text.indexOf(opening) + opening.size();
    QVERIFY(begin >= opening.size());
    QFile source(path("manual.c"));
    QVERIFY(source.open(QFile::WriteOnly));
    source.write(text.mid(begin, text.indexOf("```", begin) - begin));
    source.close();
    const Ended ended =
        call(PACKAGE_CXX_COMPILER, {"-x", "c", "-std=c99", "-Wall", "-Werror", "-fsyntax-only",
                                    "-I", installed("include"), source.fileName()});
    QVERIFY2(ended.status == 0, ended.err.constData());
}

void TestPackage::exampleLibraryIsBuiltListedAndRun()
{
    build("examples/functions", "example");
    if (!QFile::exists(installed("bin/poolscope"))) {
        QSKIP("built without the program");
    }
    const Ended list = call(installed("bin/poolscope"), {"--functions", exampleLibrary(), "list"});
    QVERIFY2(list.status == 0, list.err.constData());
    for (const char* part :
         {"example.collatz", "How many numbers one task begins with.", "example.word_count",
          "any, capital", "example.crash", "[50 tasks; 1 to 1000000]"}) {
        QVERIFY2(list.out.contains(part), list.out.constData());
    }

    QFile text(path("text.txt"));
    QVERIFY(text.open(QFile::WriteOnly));
    text.write("One two\nThree four Five\n");
    text.close();
    const Ended run = call(installed("bin/poolscope"),
                           {"run", "--functions", exampleLibrary(), "--workload",
                            "example.word_count", "--input", path("text.txt"), "--param",
                            "first=capital", "--executor", "both", "--export", path("out.csv")});
    QVERIFY2(run.status == 0, run.err.constData());
    QFile table(path("out.csv"));
    QVERIFY(table.open(QFile::ReadOnly));
    const QList<QByteArray> rows = table.readAll().trimmed().split('\n');
    QCOMPARE(rows.size(), 3);
    QCOMPARE(rows[1].split(',')[12], QByteArray("3"));
    QCOMPARE(rows[2].split(',')[12], QByteArray("3"));
}

void TestPackage::crashInTheExampleCostsOneTask()
{
    if (!QFile::exists(installed("bin/poolscope"))) {
        QSKIP("built without the program");
    }
    const Ended run = call(installed("bin/poolscope"),
                           {"run", "--functions", exampleLibrary(), "--workload", "example.crash",
                            "--tasks", "60", "--executor", "processes", "--json"});
    QCOMPARE(run.status, 1);
    const QJsonObject pool =
        QJsonDocument::fromJson(run.out).object()["runs"].toArray()[0].toObject();
    QCOMPARE(pool["done"].toInt(), 59);
    QCOMPARE(pool["lost"].toInt(), 1);
}

void TestPackage::engineIsLinkedAndRuns()
{
    build("tests/integration/package/consumer", "consumer");
    const Ended run = call(path("consumer-build/consumer"), {exampleLibrary()});
    QVERIFY2(run.status == 0, run.err.constData());
    QVERIFY2(run.out.contains("threads 328350\n"), run.out.constData());
    QVERIFY2(run.out.contains("processes 328350\n"), run.out.constData());
}

void TestPackage::examplesOfTheEngineRun()
{
    build("examples/engine", "engine");
    const Ended threads = call(path("engine-build/threads"), {});
    QVERIFY2(threads.status == 0, threads.err.constData());
    for (const char* line : {"count-0: 5133 primes\n", "count-3: 4136 primes\n",
                             "waiter: was told to stop\n", "unlucky: no luck today\n"}) {
        QVERIFY2(threads.out.contains(line), threads.out.constData());
    }

    QFile text(path("words.txt"));
    QVERIFY(text.open(QFile::WriteOnly));
    text.write("one two\nthree\n");
    text.close();
    const Ended futures = call(path("engine-build/futures"), {path("words.txt"), "/nowhere"});
    QVERIFY2(futures.status == 0, futures.err.constData());
    QVERIFY2(futures.out.contains("words.txt: 3 words\n"), futures.out.constData());
    QVERIFY2(futures.out.contains("cannot read /nowhere\n"), futures.out.constData());

    const Ended primes = call(path("engine-build/processes"), {});
    QVERIFY2(primes.status == 0, primes.err.constData());
    QVERIFY2(primes.out.startsWith("0: 5133\n"), primes.out.constData());
    QCOMPARE(primes.out.count('\n'), 100);
    const Ended functions =
        call(path("engine-build/processes"), {exampleLibrary(), "example.collatz"});
    QVERIFY2(functions.status == 0, functions.err.constData());
    QVERIFY2(functions.out.startsWith("0: 278\n"), functions.out.constData());
}

QTEST_GUILESS_MAIN(TestPackage)
#include "tst_package.moc"
