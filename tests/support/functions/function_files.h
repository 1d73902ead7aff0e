// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QtGlobal>

namespace poolscope::test {

/// \return the library of functions of that name in this folder, as it was built.
inline QString functionFile(const QString& name)
{
    return qEnvironmentVariable("POOLSCOPE_TEST_BIN_DIR") +
           QStringLiteral("/tests/functions/%1.so").arg(name);
}

} // namespace poolscope::test
