// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/level_edit.h"

#include <QRegularExpression>
#include <QStringList>

#include <algorithm>

namespace poolscope {

QString levelsText(const std::vector<int>& levels)
{
    QStringList words;
    for (const int level : levels) {
        words << QString::number(level);
    }
    return words.join(QStringLiteral(", "));
}

LevelEdit::LevelEdit(int most, QWidget* parent)
    : QLineEdit(parent)
    , m_most(most)
{
    connect(this, &QLineEdit::textChanged, this, &LevelEdit::levelsChanged);
    connect(this, &QLineEdit::editingFinished, this, [this] {
        if (text().trimmed().isEmpty()) {
            showDefault();
        }
    });
}

void LevelEdit::setDefault(const std::vector<int>& levels)
{
    const bool isShown = text() == m_default;
    m_default = levelsText(levels);
    if (isShown) {
        showDefault();
    }
}

void LevelEdit::showDefault()
{
    setText(m_default);
    setCursorPosition(0); // the beginning is seen
}

std::vector<int> LevelEdit::levels() const
{
    static const QRegularExpression kBetween(QStringLiteral("[,;\\s]+"));
    std::vector<int> levels;
    for (const QString& word : text().split(kBetween, Qt::SkipEmptyParts)) {
        bool isNumber = false;
        const int level = word.toInt(&isNumber);
        if (!isNumber || level < 1 || level > m_most) {
            return {};
        }
        levels.push_back(level);
    }
    std::ranges::sort(levels);
    levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
    return levels;
}

QString LevelEdit::problem() const
{
    const std::vector<int> given = levels();
    if (given.empty()) {
        return tr("“%1” is no list of whole numbers from 1 to %2, as in 1, 2, 4.")
            .arg(text())
            .arg(m_most);
    }
    return given.size() < 2 ? tr("Give two different numbers at least, as in 1, 2, 4.") : QString();
}

} // namespace poolscope
