#!/usr/bin/env bash
# The lesson, typed into the AWS CLI: what the console does behind each click. BUCKET is the bucket's name.
set -euo pipefail
export AWS_PAGER="" AWS_DEFAULT_OUTPUT=text
account=$(aws sts get-caller-identity --query Account)
region=us-east-1
stamp=20190701T182197
role=AmazonSageMaker-ExecutionRole-$stamp
role_arn=arn:aws:iam::$account:role/service-role/$role
image=382416733822.dkr.ecr.$region.amazonaws.com/linear-learner:1
job=linear-learner-2019-07-01-18-40-12-345
endpoint=linear-learner-2019-07-01-18-46-30-001
now=$(date +%s%3N)

case "$1" in
lesson)
    # Step 4: a bucket with everything left at its default, and a notebook instance with a role of its own.
    aws s3api create-bucket --bucket "$BUCKET" > /dev/null
    aws s3api put-public-access-block --bucket "$BUCKET" --public-access-block-configuration \
        BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
    aws iam create-role --path /service-role/ --role-name $role --assume-role-policy-document '{"Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]}' > /dev/null
    policy=$(aws iam create-policy --path /service-role/ --policy-name AmazonSageMaker-ExecutionPolicy-$stamp \
        --query Policy.Arn --policy-document '{"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": ["arn:aws:s3:::'"$BUCKET"'"]},
            {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
             "Resource": ["arn:aws:s3:::'"$BUCKET"'/*"]}]}')
    aws iam attach-role-policy --role-name $role --policy-arn "$policy"
    aws iam attach-role-policy --role-name $role --policy-arn arn:aws:iam::aws:policy/AmazonSageMakerFullAccess
    aws sagemaker create-notebook-instance --notebook-instance-name sm-test --instance-type ml.t2.medium \
        --role-arn "$role_arn" --root-access Enabled > /dev/null

    # Steps 5 and 6: what Jupyter writes into its log when a notebook is made, run, and another one uploaded.
    group=/aws/sagemaker/NotebookInstances stream=sm-test/jupyter.log
    aws logs create-log-group --log-group-name $group
    aws logs create-log-stream --log-group-name $group --log-stream-name $stream
    aws logs put-log-events --log-group-name $group --log-stream-name $stream --log-events \
        "timestamp=$now,message='[I ServerApp] Creating new notebook in '" \
        "timestamp=$((now + 1)),message='[I ServerApp] Kernel started: 173d9618-5c14-4517-9583-f46fa0e175d8'" \
        "timestamp=$((now + 2)),message='[I ServerApp] Uploading file to /portfolio_planner_part_2.ipynb'" \
        "timestamp=$((now + 3)),message='[I ServerApp] Saving file at /portfolio_planner_part_2.ipynb'" > /dev/null

    # Step 7: train, deploy, predict.
    aws sagemaker create-training-job --training-job-name $job --role-arn "$role_arn" \
        --algorithm-specification TrainingImage=$image,TrainingInputMode=File \
        --hyper-parameters feature_dim=784,predictor_type=binary_classifier,mini_batch_size=200 \
        --input-data-config '[{"ChannelName": "train", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix",
            "S3Uri": "s3://'"$BUCKET"'/sagemaker/DEMO-linear-mnist/train/recordio-pb-data"}}}]' \
        --output-data-config "S3OutputPath=s3://$BUCKET/sagemaker/DEMO-linear-mnist/output" \
        --resource-config InstanceType=ml.c4.xlarge,InstanceCount=1,VolumeSizeInGB=30 \
        --stopping-condition MaxRuntimeInSeconds=86400 > /dev/null
    artifact=$(aws sagemaker describe-training-job --training-job-name $job --query ModelArtifacts.S3ModelArtifacts)
    aws sagemaker create-model --model-name $endpoint --execution-role-arn "$role_arn" \
        --primary-container "Image=$image,ModelDataUrl=$artifact" > /dev/null
    aws sagemaker create-endpoint-config --endpoint-config-name $endpoint --production-variants \
        "VariantName=AllTraffic,ModelName=$endpoint,InitialInstanceCount=1,InstanceType=ml.m4.xlarge" > /dev/null
    aws sagemaker create-endpoint --endpoint-name $endpoint --endpoint-config-name $endpoint > /dev/null
    ;;
teardown)
    # Step 8, and the endpoint, which deleting the notebook instance does not delete.
    aws sagemaker delete-endpoint --endpoint-name $endpoint
    aws sagemaker stop-notebook-instance --notebook-instance-name sm-test
    aws sagemaker wait notebook-instance-stopped --notebook-instance-name sm-test
    aws sagemaker delete-notebook-instance --notebook-instance-name sm-test
    ;;
esac
