// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "ui/common/theme.h"

#include <QWidget>

QT_FORWARD_DECLARE_CLASS(QPainter)

namespace poolscope {

/// What an experiment measured, drawn: in the window, and the same into a file. GUI thread.
class LabPicture : public QWidget
{
    Q_OBJECT

public:
    explicit LabPicture(QWidget* parent = nullptr);

    void setTheme(const Theme& theme);
    /// What stands there while there is nothing to draw.
    void setEmptyText(const QString& text);
    /// \return whether there is nothing to draw.
    [[nodiscard]] virtual bool isEmpty() const = 0;

    /// Writes what is to be seen, on white, with \p title above it: a PNG, SVG or PDF by the end of
    /// \p path. Error: another end of the name, or the file cannot be written.
    [[nodiscard]] Result<void> write(const QString& path, const QString& title) const;

    [[nodiscard]] QSize minimumSizeHint() const override { return {420, 240}; }
    [[nodiscard]] QSize sizeHint() const override { return {760, 460}; }

protected:
    /// Draws all of it into \p rect, in the painter's font.
    virtual void draw(QPainter& painter, const QRectF& rect, const Theme& theme) const = 0;
    [[nodiscard]] const Theme& theme() const { return m_theme; }
    [[nodiscard]] QFont pictureFont() const;

    void paintEvent(QPaintEvent* event) override;

private:
    void drawSheet(QPainter& painter, const QSizeF& size, const QString& title) const;
    [[nodiscard]] QByteArray png(const QSizeF& size, const QString& title) const;
    [[nodiscard]] QByteArray svg(const QSizeF& size, const QString& title) const;
    [[nodiscard]] QByteArray pdf(const QSizeF& size, const QString& title) const;

    Theme m_theme;
    QString m_emptyText;
};

} // namespace poolscope
