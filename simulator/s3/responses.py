"""S3's API, where moto tells something else than what was done."""

from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionResult
from moto.s3.responses import S3Response

from simulator.s3.models import BEGUN


class PracticeS3Response(S3Response):
    """moto's answers, and ListMultipartUploads."""

    def list_multipart_uploads(self) -> TYPE_RESPONSE:
        """ListMultipartUploads, all on one page, with the time at which each was begun."""
        prefix = self.querystring.get("prefix", [""])[0]
        uploads = [
            {"Key": one.key_name, "UploadId": one.id, "StorageClass": "STANDARD", "Initiated": BEGUN[one]}
            for one in self.backend.list_multipart_uploads(self.bucket_name).values()
            if one.key_name.startswith(prefix)
        ]
        result = {
            "Bucket": self.bucket_name,
            "MaxUploads": 1000,
            "IsTruncated": False,
            "Uploads": sorted(uploads, key=lambda row: (row["Key"], row["Initiated"])),
        }
        self.data["Action"] = "ListMultipartUploads"
        return self.serialized(ActionResult(result))
