"""The words of the plain pages in both languages, and which of the two a visitor reads."""

from __future__ import annotations

from django.http import HttpRequest

WORDS = {
    "zh": {
        "tagline": "从线索到回款，一路贯通",
        "runs": "这里运行的是",
        "version": "版本",
        "database": "数据库",
        "embedded": "内置",
        "own": "自有服务器",
        "road": "一笔生意的全程",
        "signin": "登录",
        "email": "邮箱",
        "password": "密码",
        "signed_in": "已登录:",
        "signout": "退出",
        "wrong": "邮箱或密码不正确。",
        "later": "现在无法登录,请稍后再试。",
        "api": "接口",
        "docs": "接口文档",
        "openapi": "OpenAPI 描述文件",
        "other": "English",
        "none": "此版本还没有接口描述。",
        "need": "请先登录,再查看接口文档。",
        "home": "返回首页",
        "noscript": "登录需要启用 JavaScript。",
    },
    "en": {
        "tagline": "From lead to cash, all the way through",
        "runs": "What runs here",
        "version": "Version",
        "database": "Database",
        "embedded": "embedded",
        "own": "own server",
        "road": "The road of one deal",
        "signin": "Sign in",
        "email": "Email",
        "password": "Password",
        "signed_in": "Signed in as",
        "signout": "Sign out",
        "wrong": "The email or the password is wrong.",
        "later": "Signing in does not work now; try again later.",
        "api": "API",
        "docs": "API documentation",
        "openapi": "OpenAPI document",
        "other": "中文",
        "none": "This build has no API document yet.",
        "need": "Sign in first to read the API documentation.",
        "home": "Back to the first page",
        "noscript": "Signing in needs JavaScript.",
    },
}


def language(request: HttpRequest) -> str:
    """Return `zh` or `en`: by ?lang=, else by what the browser prefers of the two, else Chinese."""
    asked = request.GET.get("lang")
    if asked in WORDS:
        return asked
    weights = {"zh": 0.0, "en": 0.0}
    for part in request.headers.get("Accept-Language", "")[:200].lower().split(","):
        name, _, weight = part.strip().partition(";q=")
        try:
            value = float(weight or 1)
        except ValueError:
            continue
        if (short := name[:2]) in weights:
            weights[short] = max(weights[short], value)
    return "en" if weights["en"] > weights["zh"] else "zh"
