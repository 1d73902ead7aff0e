// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

#include <string>

namespace poolscope {

/// A folder of made-up files that goes away with this. Names are relative to it.
class TestFiles
{
public:
    [[nodiscard]] QString folder() const { return m_dir.path(); }
    [[nodiscard]] std::string root() const { return folder().toStdString(); }
    [[nodiscard]] std::string path(const QString& name) const
    {
        return m_dir.filePath(name).toStdString();
    }

    void write(const QString& name, const QByteArray& content = {}) const
    {
        QFile file(m_dir.filePath(name));
        QVERIFY(QDir().mkpath(QFileInfo(file).path()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(content), content.size());
    }
    void makeFolder(const QString& name) const { QVERIFY(QDir(folder()).mkpath(name)); }
    void link(const QString& target, const QString& name) const
    {
        QCOMPARE(::symlink(target.toLocal8Bit().constData(), path(name).c_str()), 0);
    }
    void makePipe(const QString& name) const { QCOMPARE(::mkfifo(path(name).c_str(), 0600), 0); }

private:
    QTemporaryDir m_dir;
};

} // namespace poolscope
