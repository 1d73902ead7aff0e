// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QProcessEnvironment>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace poolscope::test {

/// What tests of the program without a window share: a folder of their own for each, in which it runs.
class CliCase : public QObject
{
protected:
    struct Ended
    {
        int status = -1;
        QByteArray out;
        QByteArray err;
    };

    /// Makes the folder. To be called first.
    void makeFolder();
    [[nodiscard]] QString program() const { return m_program; }
    [[nodiscard]] QString folder() const { return m_folder->path(); }
    [[nodiscard]] QString path(const QString& name) const { return m_folder->filePath(name); }
    /// Runs the program in the folder. \return how it ended; status -1 when it did not within two minutes.
    [[nodiscard]] Ended
    call(const QStringList& words,
         const QProcessEnvironment& environment = QProcessEnvironment::systemEnvironment()) const;
    void writeFile(const QString& name, const QByteArray& bytes) const;
    /// For files whose fields hold no commas or quotes.
    [[nodiscard]] QList<QStringList> readCsv(const QString& name) const;

private:
    const QString m_program = qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR") + "/poolscope";
    std::unique_ptr<QTemporaryDir> m_folder;
};

} // namespace poolscope::test
