// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/fd_stream.h"
#include "core/io/file_format.h"
#include "core/io/replace_file.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ostream>

using namespace poolscope;

namespace {

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(cannot be read)");
}

mode_t modeOf(const QString& path)
{
    struct stat facts
    {};
    return ::stat(QFile::encodeName(path).constData(), &facts) == 0 ? facts.st_mode & 07777 : 0;
}

QString messageOf(const Result<void>& result)
{
    return result ? QString() : QString::fromStdString(result.error().message);
}

Result<void> replace(const QString& path, const std::string& bytes)
{
    return replaceFile(path.toStdString(), bytes);
}

/// Makes every file of this process end at a size, as a disk that is full does.
class FileSizeLimit
{
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        m_handler = std::signal(SIGXFSZ, SIG_IGN);
        rlimit limit = m_before;
        limit.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
    rlimit m_before{};
    void (*m_handler)(int) = nullptr;
};

} // namespace

class TestReplaceFile : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void newFileHasTheBytes()
    {
        const std::string bytes("a\0b\n\xff", 5);
        QVERIFY(replace(path("new"), bytes).isOk());
        QCOMPARE(contentOf(path("new")), QByteArray::fromStdString(bytes));
        QCOMPARE(files(), QStringList("new"));
        QVERIFY((modeOf(path("new")) & 0600) == 0600);
    }

    void olderFileIsReplacedAndKeepsItsMode()
    {
        QVERIFY(replace(path("run"), "old").isOk());
        QVERIFY(::chmod(qPrintable(path("run")), 0640) == 0);
        QVERIFY(replace(path("run"), "new").isOk());
        QCOMPARE(contentOf(path("run")), QByteArray("new"));
        QCOMPARE(modeOf(path("run")), mode_t{0640});
        QCOMPARE(files(), QStringList("run"));
    }

    void bufferBoundariesLoseNothing()
    {
        // The buffer holds 64 KiB; pieces fit, touch and cross its end.
        std::string expected;
        const Result<void> written =
            replaceFileWith(path("big").toStdString(), [&](std::ostream& out) -> Result<void> {
                for (const std::size_t size :
                     {1U, 65535U, 65536U, 3U, 65537U, 40000U, 40000U, 0U}) {
                    const std::string piece(size, static_cast<char>('a' + expected.size() % 26));
                    expected += piece;
                    out << piece;
                    out.put('|');
                    expected += '|';
                }
                return {};
            });
        QVERIFY2(written.isOk(), qPrintable(messageOf(written)));
        QCOMPARE(contentOf(path("big")), QByteArray::fromStdString(expected));
    }

    void writersErrorLeavesTheOlderFile()
    {
        QVERIFY(replace(path("run"), "old").isOk());
        const Result<void> written =
            replaceFileWith(path("run").toStdString(), [](std::ostream& out) -> Result<void> {
                out << "half";
                return Error{"no more"};
            });
        QCOMPARE(messageOf(written), QString("no more"));
        QCOMPARE(contentOf(path("run")), QByteArray("old"));
        QCOMPARE(files(), QStringList("run"));
    }

    void fullDiskLeavesTheOlderFile()
    {
        QVERIFY(replace(path("run"), "old").isOk());
        Result<void> written;
        {
            const FileSizeLimit limit(100'000);
            written = replace(path("run"), std::string(1'000'000, 'x'));
        }
        QVERIFY2(messageOf(written).contains(path("run")), qPrintable(messageOf(written)));
        QVERIFY2(messageOf(written).contains("File too large"), qPrintable(messageOf(written)));
        QCOMPARE(contentOf(path("run")), QByteArray("old"));
        QCOMPARE(files(), QStringList("run"));
    }

    void fullDeviceSaysSo()
    {
        if (!QFile::exists("/dev/full")) {
            QSKIP("there is no /dev/full");
        }
        const QString message = messageOf(replace("/dev/full", "x"));
        QVERIFY2(message.contains("/dev/full") && message.contains("No space left"),
                 qPrintable(message));
    }

    void devicesAreWrittenToAndStay()
    {
        QVERIFY(replace("/dev/null", "x").isOk());
        struct stat facts
        {};
        QVERIFY(::stat("/dev/null", &facts) == 0 && S_ISCHR(facts.st_mode));
    }

    void linkStaysAndItsTargetIsReplaced()
    {
        QVERIFY(QDir(m_folder->path()).mkdir("real"));
        QVERIFY(replace(path("real/run"), "old").isOk());
        QVERIFY(QFile::link("real/run", path("link")));
        QVERIFY(QFile::link("link", path("second")));
        QVERIFY(replace(path("second"), "new").isOk());
        QCOMPARE(contentOf(path("real/run")), QByteArray("new"));
        QVERIFY(QFileInfo(path("link")).isSymLink());
        QVERIFY(QFileInfo(path("second")).isSymLink());
    }

    void linkToNothingMakesItsTarget()
    {
        QVERIFY(QFile::link("later", path("link")));
        QVERIFY(replace(path("link"), "new").isOk());
        QCOMPARE(contentOf(path("later")), QByteArray("new"));
        QVERIFY(QFileInfo(path("link")).isSymLink());
    }

    void impossibleTargetsAreNamed_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("reason");
        QTest::newRow("folder") << "folder"
                                << "folder";
        QTest::newRow("folder with slash") << "folder/"
                                           << "not the name of a file";
        QTest::newRow("no parent") << "nowhere/run"
                                   << "No such file or directory";
        QTest::newRow("parent is a file") << "file/run"
                                          << "Not a directory";
        QTest::newRow("circle of links") << "circle"
                                         << "symbolic links";
        QTest::newRow("name too long") << QString(300, 'n') << "File name too long";
    }
    void impossibleTargetsAreNamed()
    {
        QFETCH(const QString, name);
        QFETCH(const QString, reason);
        QVERIFY(QDir(m_folder->path()).mkdir("folder"));
        QVERIFY(replace(path("file"), "x").isOk());
        QVERIFY(QFile::link("circle", path("circle")));
        const QStringList before = files();
        const QString message = messageOf(replace(path(name), "x"));
        QVERIFY2(message.contains(path(name)), qPrintable(message));
        QVERIFY2(message.contains(reason), qPrintable(message));
        QCOMPARE(files(), before);
    }

    void emptyPathIsRefused() { QVERIFY(!replace("", "x").isOk()); }

    void protectedPlacesAreRefused()
    {
        if (::geteuid() == 0) {
            QSKIP("nothing is protected from root");
        }
        QVERIFY(replace(path("run"), "old").isOk());
        QVERIFY(::chmod(qPrintable(path("run")), 0400) == 0);
        QVERIFY(messageOf(replace(path("run"), "new")).contains("Permission denied"));
        QCOMPARE(contentOf(path("run")), QByteArray("old"));
        QVERIFY(::chmod(qPrintable(m_folder->path()), 0500) == 0);
        QVERIFY(messageOf(replace(path("other"), "new")).contains("Permission denied"));
        QVERIFY(::chmod(qPrintable(m_folder->path()), 0700) == 0);
    }

    void streamKeepsItsFirstError()
    {
        FdStreamBuf buffer(-1);
        std::ostream out(&buffer);
        out << "x" << std::flush;
        QVERIFY(!out);
        QCOMPARE(buffer.errorNumber(), EBADF);
        QVERIFY(!buffer.flush());
    }

private:
    [[nodiscard]] QString path(const QString& name) const { return m_folder->filePath(name); }
    [[nodiscard]] QStringList files() const
    {
        return QDir(m_folder->path())
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestReplaceFile)
#include "tst_replace_file.moc"
