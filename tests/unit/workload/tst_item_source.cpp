// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/item_source.h"
#include "tests/unit/workload/test_files.h"

#include <QTest>

#include <fcntl.h>

using namespace poolscope;

using Items = std::vector<std::string>;
Q_DECLARE_METATYPE(std::vector<std::string>)

namespace {

/// Puts a file in the place of standard input, and the old one back.
class StandardInput
{
public:
    explicit StandardInput(const std::string& path)
        : m_before(::dup(STDIN_FILENO))
    {
        const int file = ::open(path.c_str(), O_RDONLY);
        ::dup2(file, STDIN_FILENO);
        ::close(file);
    }
    ~StandardInput()
    {
        ::dup2(m_before, STDIN_FILENO);
        ::close(m_before);
    }
    StandardInput(const StandardInput&) = delete;
    StandardInput& operator=(const StandardInput&) = delete;

private:
    int m_before;
};

} // namespace

class ItemSourceTest : public QObject
{
    Q_OBJECT

private slots:
    void readsText_data();
    void readsText();
    void refuses_data();
    void refuses();
    void patternsGiveSortedFiles();
    void patternsAreSeenFromTheFolder();
    void folderNameIsNoPattern();
    void homeFolderIsKnown();
    void listsGiveTheirLines();
    void listsWithZeroBytesAreCutThere();
    void standardInputIsReadWhenItIsAFile();
    void sourcesKeepTheirOrder();

private:
    TestFiles m_files;
};

void ItemSourceTest::readsText_data()
{
    QTest::addColumn<QByteArray>("sources");
    QTest::addColumn<Items>("items");
    const auto row = [](const char* sources, const Items& items) {
        QTest::newRow(sources) << QByteArray(sources) << items;
    };
    row("", {});
    row("\n\n", {});
    row("host1\nhost2", {"host1", "host2"});
    row("host1\nhost1", {"host1", "host1"});
    row("with space", {"with space"});
    row("1..4", {"1", "2", "3", "4"});
    row("7..7", {"7"});
    row("3..1", {"3", "2", "1"});
    row("-1..1", {"-1", "0", "1"});
    row("08..11", {"08", "09", "10", "11"});
    row("-02..00", {"-02", "-01", "00"});
    row("0..10..5", {"0", "5", "10"});
    row("10..0..4", {"10", "6", "2"});
    row("9223372036854775806..9223372036854775807", {"9223372036854775806", "9223372036854775807"});
    // Not quite ranges.
    row("1...3", {"1...3"});
    row("1..", {"1.."});
    row("..3", {"..3"});
    row("1..3..0", {"1..3..0"});
    row("1..3x", {"1..3x"});
    row("1.5..3", {"1.5..3"});
    row("99999999999999999999..3", {"99999999999999999999..3"});
    row("\\1..3", {"1..3"});
    row("\\@list", {"@list"});
    row("\\-", {"-"});
    row("\\*.png", {"*.png"});
    row("\\\\", {"\\"});
}

void ItemSourceTest::readsText()
{
    QFETCH(const QByteArray, sources);
    QFETCH(const Items, items);
    const Result<Items> read = readItems(sources.toStdString(), "");
    QVERIFY2(read, read ? "" : read.error().message.c_str());
    QVERIFY(read.value() == items);
}

void ItemSourceTest::refuses_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QByteArray>("said");
    const auto row = [](const char* source, const char* said) {
        QTest::newRow(source) << QByteArray(source) << QByteArray(said);
    };
    row("/nowhere/*.png", "no file matches \"/nowhere/*.png\"");
    row("@/nowhere/list", "/nowhere/list: No such file");
    row("@/", "it is not a file");
    row("@/dev/null", "it is not a file");
    row("1..10000001", "more than 10000000 numbers");
    row("-9223372036854775808..9223372036854775807", "more than 10000000 numbers");
}

void ItemSourceTest::refuses()
{
    QFETCH(const QByteArray, source);
    QFETCH(const QByteArray, said);
    const Result<Items> read = readItems(source.toStdString(), "");
    QVERIFY(!read);
    QVERIFY2(read.error().message.find(said.toStdString()) != std::string::npos,
             read.error().message.c_str());
}

void ItemSourceTest::patternsGiveSortedFiles()
{
    for (const char* name :
         {"p/b.png", "p/a.png", "p/C.png", "p/a b.png", "p/.hidden.png", "p/x.jpg"}) {
        m_files.write(name);
    }
    const Result<Items> read = readItems(m_files.path("p") + "/*.png", "");
    const std::string root = m_files.path("p");
    QVERIFY((read.value() ==
             Items{root + "/C.png", root + "/a b.png", root + "/a.png", root + "/b.png"}));
    QVERIFY((readItems(m_files.path("p") + "/[ab].p?g", "").value() ==
             Items{root + "/a.png", root + "/b.png"}));
}

void ItemSourceTest::patternsAreSeenFromTheFolder()
{
    m_files.write("f/one.txt");
    m_files.write("f/sub/two.txt");
    m_files.write("f/list", "from list\n");
    QVERIFY((readItems("*.txt\nsub/*.txt\n@list", m_files.path("f")).value() ==
             Items{"one.txt", "sub/two.txt", "from list"}));
    const Result<Items> none = readItems("*.png", m_files.path("f"));
    QVERIFY(none.error().message.find(m_files.path("f")) != std::string::npos);
}

void ItemSourceTest::folderNameIsNoPattern()
{
    m_files.write("odd [x]*\\/in.txt");
    QVERIFY((readItems("*.txt", m_files.path("odd [x]*\\")).value() == Items{"in.txt"}));
}

void ItemSourceTest::homeFolderIsKnown()
{
    m_files.write("home/at home.txt");
    const QByteArray before = qgetenv("HOME");
    qputenv("HOME", QByteArray::fromStdString(m_files.path("home")));
    const Result<Items> read = readItems("~/*.txt", "");
    qputenv("HOME", before);
    QVERIFY((read.value() == Items{m_files.path("home") + "/at home.txt"}));
}

void ItemSourceTest::listsGiveTheirLines()
{
    m_files.write("list.txt", "one\n\n two \n*.png\n1..3\n@x\nno end");
    QVERIFY((readItems("@" + m_files.path("list.txt"), "").value() ==
             Items{"one", " two ", "*.png", "1..3", "@x", "no end"}));
    m_files.write("empty.txt");
    QVERIFY(readItems("@" + m_files.path("empty.txt"), "").value().empty());
}

void ItemSourceTest::listsWithZeroBytesAreCutThere()
{
    m_files.write("zero.txt", QByteArray("a\nb\0c\0", 6));
    QVERIFY((readItems("@" + m_files.path("zero.txt"), "").value() == Items{"a\nb", "c"}));
}

void ItemSourceTest::standardInputIsReadWhenItIsAFile()
{
    m_files.write("input.txt", "x\ny\n");
    {
        const StandardInput input(m_files.path("input.txt"));
        QVERIFY((readItems("-", "").value() == Items{"x", "y"}));
    }
    const StandardInput input("/dev/null");
    const Result<Items> read = readItems("-", "");
    QVERIFY(!read);
    QVERIFY(read.error().message.find("--items -") != std::string::npos);
}

void ItemSourceTest::sourcesKeepTheirOrder()
{
    m_files.write("order.txt", "second\n");
    QVERIFY((readItems("first\n@" + m_files.path("order.txt") + "\n3..4\nlast", "").value() ==
             Items{"first", "second", "3", "4", "last"}));
}

QTEST_GUILESS_MAIN(ItemSourceTest)
#include "tst_item_source.moc"
