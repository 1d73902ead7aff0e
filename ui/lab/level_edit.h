// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

#include <vector>

namespace poolscope {

/// A line of whole numbers, as in "1, 2, 4, 8". It shows a default until somebody types, and again when
/// what was typed is deleted. GUI thread.
class LevelEdit : public QLineEdit
{
    Q_OBJECT

public:
    /// Numbers from 1 to \p most are taken.
    explicit LevelEdit(int most, QWidget* parent = nullptr);

    /// \p levels ascending.
    void setDefault(const std::vector<int>& levels);
    /// \return the numbers, ascending, each once; empty when something is wrong with the text.
    [[nodiscard]] std::vector<int> levels() const;
    /// \return what is wrong, empty when nothing is.
    [[nodiscard]] QString problem() const;

signals:
    void levelsChanged();

private:
    void showDefault();

    int m_most;
    QString m_default;
};

/// \return e.g. "1, 2, 4".
[[nodiscard]] QString levelsText(const std::vector<int>& levels);

} // namespace poolscope
