// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/task_query.h"

#include <QLineEdit>
#include <QString>

#include <optional>

namespace poolscope {

/// A line to type a query for tasks into (see parseTaskQuery()), with its syntax as tool tip. GUI thread.
class QueryEdit : public QLineEdit
{
    Q_OBJECT

public:
    explicit QueryEdit(QWidget* parent = nullptr);

    /// \return what is typed; nothing when that is empty or wrong.
    [[nodiscard]] const std::optional<TaskQuery>& query() const { return m_query; }
    /// \return what is wrong with it and where, or an empty text.
    [[nodiscard]] const QString& problem() const { return m_problem; }
    /// \return how queries are written, as rich text.
    [[nodiscard]] static QString syntaxHelp();

signals:
    /// Another text, whatever came of it.
    void queryChanged();

private:
    void onTextChanged(const QString& text);

    std::optional<TaskQuery> m_query;
    QString m_problem;
};

} // namespace poolscope
