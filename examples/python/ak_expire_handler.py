"""When a refused call means that the AccessKey at hand is no longer the right one."""

from aliyun_sdk_secretsmanager_common_plugin.ak_expire_handler import AKExpireHandler


class AliyunSdkAKExpireHandler(AKExpireHandler):
    """The plug-in then reads the secret again and calls once more. Its own handler, which serves
    when none is given, knows the first of these codes only; the last is a key that somebody has
    disabled."""

    CODES = frozenset(
        ("InvalidAccessKeyId.NotFound", "InvalidAccessKeyId", "InvalidAccessKeyId.Inactive")
    )

    def judge_ak_expire(self, exception):
        return exception.error_code in self.CODES
