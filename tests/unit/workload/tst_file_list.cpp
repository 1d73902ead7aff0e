// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/file_list.h"
#include "tests/unit/workload/test_files.h"

#include <QDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

#include <memory>

using namespace poolscope;

namespace {

constexpr uid_t kNobody = 65534;

/// Gives up root's right to read everything while it lives. Ordinary users have none to give up.
class OrdinaryUser
{
public:
    OrdinaryUser()
        : m_wasRoot(::geteuid() == 0 && ::seteuid(kNobody) == 0)
    {}
    ~OrdinaryUser()
    {
        if (m_wasRoot && ::seteuid(0) != 0) {
            qFatal("cannot become root again");
        }
    }
    OrdinaryUser(const OrdinaryUser&) = delete;
    OrdinaryUser& operator=(const OrdinaryUser&) = delete;

private:
    bool m_wasRoot;
};

} // namespace

class FileListTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void folderIsWalkedToTheBottom();
    void filesAreTakenAsGiven();
    void slashAtTheEndIsNotDoubled();
    void relativePathsStayRelative();
    void missingPathIsAnErrorThatNamesIt();
    void linksToFilesCount();
    void linksToFoldersAreNotFollowed();
    void givenLinkToAFolderIsWalked();
    void linksThatLeadNowhereAreListed();
    void pipesAreLeftOut();
    void givenPipeIsAnError();
    void unreadableFolderIsListedItself();
    void listsGiveTheirLines();
    void unreadableListIsAnError_data();
    void unreadableListIsAnError();
    void suffix_data();
    void suffix();

private:
    QStringList found(const std::vector<std::string>& paths) const;

    std::unique_ptr<TestFiles> m_files;
};

void FileListTest::init()
{
    m_files = std::make_unique<TestFiles>();
}

/// \return what was found, sorted and relative to the test's folder, or the error.
QStringList FileListTest::found(const std::vector<std::string>& paths) const
{
    const Result<std::vector<std::string>> files = findFiles(paths);
    if (!files) {
        return {"error: " + QString::fromStdString(files.error().message)};
    }
    QStringList names;
    for (const std::string& file : files.value()) {
        names.append(QString::fromStdString(file).remove(m_files->folder() + '/'));
    }
    names.sort();
    return names;
}

void FileListTest::folderIsWalkedToTheBottom()
{
    m_files->write("a");
    m_files->write("b/c");
    m_files->write("b/d/e/f");
    m_files->write("b/.hidden");
    m_files->makeFolder("empty/below");
    QCOMPARE(found({m_files->root()}), QStringList({"a", "b/.hidden", "b/c", "b/d/e/f"}));
}

void FileListTest::filesAreTakenAsGiven()
{
    m_files->write("a");
    m_files->write("b");
    m_files->write("c/d");
    QCOMPARE(found({m_files->path("b"), m_files->path("c")}), QStringList({"b", "c/d"}));
    QCOMPARE(found({}), QStringList());
}

void FileListTest::slashAtTheEndIsNotDoubled()
{
    m_files->write("c/d");
    QCOMPARE(found({m_files->path("c/")}), QStringList({"c/d"}));
}

void FileListTest::relativePathsStayRelative()
{
    m_files->write("c/d");
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_files->folder()));
    const QStringList files = found({"c", "."});
    QVERIFY(QDir::setCurrent(before));
    QCOMPARE(files, QStringList({"./c/d", "c/d"}));
}

void FileListTest::missingPathIsAnErrorThatNamesIt()
{
    m_files->write("a");
    const Result<std::vector<std::string>> files =
        findFiles({m_files->path("a"), m_files->path("missing")});
    QVERIFY(!files);
    QCOMPARE(files.error().message,
             "cannot read " + m_files->path("missing") + ": No such file or directory");
}

void FileListTest::linksToFilesCount()
{
    m_files->write("a");
    m_files->makeFolder("below");
    m_files->link("../a", "below/link");
    QCOMPARE(found({m_files->path("below")}), QStringList({"below/link"}));
}

void FileListTest::linksToFoldersAreNotFollowed()
{
    m_files->write("a/b");
    m_files->link("..", "a/up");
    m_files->link(".", "a/here");
    m_files->link(m_files->folder(), "a/top");
    QCOMPARE(found({m_files->root()}), QStringList({"a/b"}));
}

void FileListTest::givenLinkToAFolderIsWalked()
{
    m_files->write("a/b");
    m_files->link("a", "link");
    QCOMPARE(found({m_files->path("link")}), QStringList({"link/b"}));
}

void FileListTest::linksThatLeadNowhereAreListed()
{
    m_files->write("a");
    m_files->link("missing", "broken");
    m_files->link("circle", "circle");
    QCOMPARE(found({m_files->root()}), QStringList({"a", "broken", "circle"}));
}

void FileListTest::pipesAreLeftOut()
{
    m_files->write("a");
    m_files->makePipe("pipe");
    m_files->link("pipe", "link");
    QCOMPARE(found({m_files->root()}), QStringList({"a"}));
}

void FileListTest::givenPipeIsAnError()
{
    m_files->makePipe("pipe");
    const Result<std::vector<std::string>> files = findFiles({m_files->path("pipe")});
    QVERIFY(!files);
    QCOMPARE(files.error().message,
             "cannot read " + m_files->path("pipe") + ": it is neither a file nor a folder");
}

void FileListTest::unreadableFolderIsListedItself()
{
    m_files->write("a");
    m_files->write("locked/b");
    QCOMPARE(::chmod(m_files->path("locked").c_str(), 0), 0);
    QCOMPARE(::chmod(m_files->folder().toLocal8Bit().constData(), 0755), 0);
    QStringList files;
    {
        const OrdinaryUser user;
        if (::access("/proc/self", R_OK) != 0 || ::eaccess(m_files->path("a").c_str(), F_OK) != 0) {
            QSKIP("the temporary folder cannot be reached by ordinary users");
        }
        files = found({m_files->root()});
    }
    QCOMPARE(::chmod(m_files->path("locked").c_str(), 0700), 0);
    QCOMPARE(files, QStringList({"a", "locked"}));
}

void FileListTest::listsGiveTheirLines()
{
    m_files->write("one", "/x\n\n/y z\n");
    m_files->write("two", "relative");
    m_files->write("none");
    const Result<std::vector<std::string>> files =
        readFileLists({m_files->path("one"), m_files->path("two"), m_files->path("none")});
    QVERIFY2(files, files ? "" : files.error().message.c_str());
    QVERIFY(files.value() == std::vector<std::string>({"/x", "/y z", "relative"}));
}

void FileListTest::unreadableListIsAnError_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("reason");
    QTest::newRow("missing") << "missing"
                             << "No such file or directory";
    QTest::newRow("folder") << ""
                            << "Is a directory";
    QTest::newRow("binary") << "binary"
                            << "zero byte";
}

void FileListTest::unreadableListIsAnError()
{
    QFETCH(const QString, name);
    QFETCH(const QString, reason);
    m_files->write("binary", QByteArray("/a\n\0/b", 6));
    const Result<std::vector<std::string>> files = readFileLists({m_files->path(name)});
    QVERIFY(!files);
    const QString message = QString::fromStdString(files.error().message);
    QVERIFY2(message.contains(QString::fromStdString(m_files->path(name))), qPrintable(message));
    QVERIFY2(message.contains(reason), qPrintable(message));
}

void FileListTest::suffix_data()
{
    QTest::addColumn<QString>("expected");
    QTest::newRow("a.txt") << "txt";
    QTest::newRow("/x.y/a.JPG") << "jpg";
    QTest::newRow("a.tar.gz") << "gz";
    QTest::newRow("a.mp3") << "mp3";
    QTest::newRow("/x.y/a") << "";
    QTest::newRow("a") << "";
    QTest::newRow("/x/.profile") << "";
    QTest::newRow("/x/.profile.bak") << "bak";
    QTest::newRow("a.") << "";
    QTest::newRow("a.b c") << "";
    QTest::newRow("a.ünï") << "";
    QTest::newRow("a.abcdefghijkl") << "abcdefghijkl";
    QTest::newRow("a.abcdefghijklm") << "";
}

void FileListTest::suffix()
{
    QFETCH(const QString, expected);
    QCOMPARE(fileSuffix(QTest::currentDataTag()), expected.toStdString());
}

QTEST_GUILESS_MAIN(FileListTest)
#include "tst_file_list.moc"
