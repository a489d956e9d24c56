"""What the system says of a file that cannot be read or written, in Chinese and with what to do."""

from __future__ import annotations

import errno

SHARED = "没有权限，或文件正被别的程序（Excel、WPS、PDF 阅读器）打开，请先关闭"
WORDS = {
    errno.EACCES: SHARED,
    errno.EPERM: SHARED,
    errno.EBUSY: SHARED,
    errno.ENOSPC: "磁盘空间不够，请清理后再运行",
    errno.EDQUOT: "用户的磁盘配额已满，请清理后再运行",
    errno.EROFS: "磁盘是只读的，请换一个文件夹",
    errno.EFBIG: "文件过大，超过系统的限制",
    errno.ENAMETOOLONG: "路径太长，请把评价或输出放到更短的路径下",
    errno.ENOENT: "路径不存在",
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
    errno.EADDRINUSE: "已被别的程序占用",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
    errno.EEXIST: "这里应为文件夹，却有一个同名的文件",
    errno.EISDIR: "这里应为文件，却有一个同名的文件夹",
}


def reason_of(error: OSError) -> str:
    """Why it failed; of what has no words here, the system's own name for it."""
    number = error.errno or 0
    return WORDS.get(number) or f"系统报告 {errno.errorcode.get(number) or error.strerror or type(error).__name__}"
