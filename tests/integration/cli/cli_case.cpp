// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/cli/cli_case.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTest>

namespace poolscope::test {

void CliCase::makeFolder()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
    QVERIFY2(QFile::exists(m_program), qPrintable(m_program));
}

CliCase::Ended CliCase::call(const QStringList& words, const QProcessEnvironment& environment) const
{
    QProcess process;
    process.setWorkingDirectory(m_folder->path());
    process.setProcessEnvironment(environment);
    process.start(m_program, words);
    if (!process.waitForFinished(110'000)) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

void CliCase::writeFile(const QString& name, const QByteArray& bytes) const
{
    QFile file(path(name));
    QVERIFY(QDir().mkpath(QFileInfo(file).absolutePath()));
    QVERIFY(file.open(QFile::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

QList<QStringList> CliCase::readCsv(const QString& name) const
{
    QFile file(path(name));
    QList<QStringList> rows;
    if (file.open(QFile::ReadOnly | QFile::Text)) {
        while (!file.atEnd()) {
            rows << QString::fromUtf8(file.readLine()).trimmed().split(',');
        }
    }
    return rows;
}

} // namespace poolscope::test
